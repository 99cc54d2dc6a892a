import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it. Step by step, since Node's own `recursive` never comes back where the system says that
 * a folder cannot be found although the one above it is there: /proc does.
 * @throws what the system says: ENOENT, EACCES, EEXIST when a file stands there …
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const above = path.dirname(folder);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && above !== folder) {
      await makeFolder(above);
      await mkdir(folder).catch(unlessFolder(folder));
    } else await unlessFolder(folder)(error);
  }
}

/** Whoever made it first, it is there. */
const unlessFolder = (folder: string) => async (error: unknown) => {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw error;
};
