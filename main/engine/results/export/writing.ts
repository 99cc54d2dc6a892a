import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';

/**
 * Writes a file in one step, and the folders above it: what was there before stays whole when that fails.
 * @throws {TareError} `write-failed`
 */
export async function writeExport(file: string, content: string | Uint8Array): Promise<void> {
  try {
    makeFolder(path.dirname(file));
    await writeFileAtomic(file, typeof content === 'string' ? content : Buffer.from(content));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new TareError({ code: 'write-failed', path: file, reason }, { cause: error });
  }
}
