import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Accounts } from './accounts';
import { tarEntries } from './tarEntries';

const wanted: Record<string, keyof Accounts> = { 'etc/passwd': 'passwd', 'etc/group': 'group' };

/** Far more than all accounts of a real system; a longer file counts as none, since it would have to be held in memory. */
const longestAccounts = 4 * 1024 * 1024;

/**
 * An image's account files out of its tar stream, which is read no further than needed and always destroyed.
 * A link in the place of a file counts as none.
 * @throws {TareError} `program-failed` when it is no tar stream, or was cut
 */
export async function accountFiles(tar: Readable): Promise<Accounts> {
  const accounts: Accounts = { passwd: '', group: '' };
  const missing = new Set(Object.keys(wanted));
  for await (const entry of tarEntries(tar)) {
    const { name, type, size = 0 } = entry.header;
    const plain = name.replace(/^\.?\//, '');
    const key = type === 'file' && size <= longestAccounts ? wanted[plain] : undefined;
    if (key) {
      accounts[key] = await text(entry);
      missing.delete(plain);
    } else entry.resume();
    if (missing.size === 0) break;
  }
  return accounts;
}
