/** Text of a file that somebody else may have put there. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Reads no more than it may, whatever the file turns out to be: a device that never ends, or a pipe that nobody writes to.
 * @param most.bytes  a larger one is refused
 * @param most.pipes  also what is no file but can be read, as `/dev/stdin` and a shell's `<(…)`
 * @throws a system error: `EFBIG` where it is larger, `EISDIR`; `not-a-file` stands for what only looks like one
 */
export async function foreignText(file: string, most: { bytes: number; pipes?: boolean }): Promise<string> {
  // a pipe without a writer would be waited for, unless it was asked for by name
  const handle = await open(file, constants.O_RDONLY | (most.pipes ? 0 : constants.O_NONBLOCK));
  try {
    const found = await handle.stat();
    if (found.isDirectory()) throw refused(file, 'EISDIR');
    if (!found.isFile() && !most.pipes) throw refused(file, 'not-a-file');
    return await readWithin(handle, file, most.bytes);
  } finally {
    await handle.close();
  }
}

async function readWithin(handle: FileHandle, file: string, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw refused(file, 'EFBIG');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const refused = (path: string, code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${path}`), { code, path });
