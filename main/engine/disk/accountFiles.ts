import type { Readable } from 'node:stream';
import type { Accounts } from './accounts';

const block = 512;
const regularFile = /^[0\0]$/;
const wanted: Record<string, keyof Accounts> = { 'etc/passwd': 'passwd', 'etc/group': 'group' };

/** Name, kind and length of a tar entry; longer names than fit here are never those that are looked for. */
function header(bytes: Buffer) {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to).replace(/\0.*$/s, '');
  const isBinary = (bytes[124]! & 0x80) !== 0; // 8 GiB and more
  const size = isBinary ? Number(bytes.readBigUInt64BE(128)) : parseInt(text(124, 136).trim() || '0', 8);
  const isFile = regularFile.test(bytes.toString('latin1', 156, 157));
  return { name: text(0, 100).replace(/^\.?\//, ''), isFile, size };
}

/**
 * An image's account files out of its tar stream, which is read no further than needed and always destroyed. The stream is
 * walked by hand because its reader is Node's and tar-stream's is not: either would report the other's early end as an error.
 * A link in the place of a file counts as none.
 */
export async function accountFiles(tar: Readable): Promise<Accounts> {
  const accounts: Accounts = { passwd: '', group: '' };
  let pending: Buffer = Buffer.alloc(0);
  let skip = 0;
  const open = new Set(Object.keys(wanted));
  for await (const chunk of tar as AsyncIterable<Buffer>) {
    const passed = Math.min(skip, chunk.length);
    skip -= passed;
    pending = Buffer.concat([pending, chunk.subarray(passed)]);
    while (pending.length >= block) {
      const { name, isFile, size } = header(pending);
      const whole = block + Math.ceil(size / block) * block;
      const key = isFile ? wanted[name] : undefined;
      if (key && pending.length < whole) break; // the rest of the file comes with the next chunk
      if (key) {
        accounts[key] = pending.toString('utf8', block, block + size);
        open.delete(name);
      }
      skip = Math.max(0, whole - pending.length);
      pending = pending.subarray(Math.min(whole, pending.length));
    }
    if (open.size === 0) break; // which destroys the stream
  }
  return accounts;
}
