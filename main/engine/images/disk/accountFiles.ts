import type { Readable } from 'node:stream';
import { TareError } from '../../base/errors';
import type { Accounts } from './accounts';

const block = 512;
const regularFile = /^[0\0]$/;
const wanted: Record<string, keyof Accounts> = { 'etc/passwd': 'passwd', 'etc/group': 'group' };

/** Headers that say more of the entry after them: of POSIX (its records) and of GNU (a long name). */
const foreword = /^[xL]$/;
/** What a longer foreword says is not looked for: no name that is wanted needs so many bytes. */
const longestForeword = 64 * 1024;

/** Far more than all accounts of a real system; a longer file counts as none, since it would have to be held in memory. */
const longestAccounts = 4 * 1024 * 1024;

/**
 * Name, kind and length of a tar entry, by its own header.
 * @throws {TareError} `program-failed` when that is none
 */
function header(bytes: Buffer) {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to).replace(/\0.*$/s, '');
  const isBinary = (bytes[124]! & 0x80) !== 0; // 8 GiB and more
  const size = isBinary ? Number(bytes.readBigUInt64BE(128)) : parseInt(text(124, 136).trim() || '0', 8);
  if (!Number.isSafeInteger(size)) throw corrupt();
  const kind = bytes.toString('latin1', 156, 157);
  // POSIX puts the folders of a long name elsewhere; GNU has times in that place
  const folders = bytes.toString('latin1', 257, 263) === 'ustar\0' ? text(345, 500) : '';
  return { name: folders ? `${folders}/${text(0, 100)}` : text(0, 100), kind, size };
}

const corrupt = (): TareError =>
  new TareError({ code: 'program-failed', program: 'export', exit: 'corrupt tar stream', output: '' });

/** The name that a foreword gives to the entry after it. */
const nameIn = (kind: string, text: string): string | undefined =>
  kind === 'L' ? text.replace(/\0.*$/s, '') : /^\d+ path=(.*)$/m.exec(text)?.[1];

/**
 * An image's account files out of its tar stream, which is read no further than needed and always destroyed. The stream is
 * walked by hand because its reader is Node's and tar-stream's is not: either would report the other's early end as an error.
 * A link in the place of a file counts as none.
 * @throws {TareError} `program-failed` when it is no tar stream
 */
export async function accountFiles(tar: Readable): Promise<Accounts> {
  const accounts: Accounts = { passwd: '', group: '' };
  let pending: Buffer = Buffer.alloc(0);
  let skip = 0;
  const open = new Set(Object.keys(wanted));
  let given: string | undefined;
  for await (const chunk of tar as AsyncIterable<Buffer>) {
    const passed = Math.min(skip, chunk.length);
    skip -= passed;
    pending = Buffer.concat([pending, chunk.subarray(passed)]);
    while (pending.length >= block) {
      const { name: own, kind, size } = header(pending);
      const whole = block + Math.ceil(size / block) * block;
      const name = (given ?? own).replace(/^\.?\//, '');
      const key = regularFile.test(kind) && size <= longestAccounts ? wanted[name] : undefined;
      const isForeword = foreword.test(kind) && size <= longestForeword;
      if ((key || isForeword) && pending.length < whole) break; // the rest of it comes with the next chunk
      const content = () => pending.toString('utf8', block, block + size);
      if (key) {
        accounts[key] = content();
        open.delete(name);
      }
      given = isForeword ? (nameIn(kind, content()) ?? given) : undefined;
      skip = Math.max(0, whole - pending.length);
      pending = pending.subarray(Math.min(whole, pending.length));
    }
    if (open.size === 0) break; // which destroys the stream
  }
  return accounts;
}
