import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Entry {
  files?: Record<string, Entry>;
  /** it lies beside the archive, where programs outside Electron find it */
  unpacked?: true;
}
/** Every file of an asar archive: a pickled JSON header stands before their bytes. */
export function filesOf(archive: string): { file: string; unpacked: boolean }[] {
  const bytes = readFileSync(archive);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Entry;
  const within = (folder: string, { files = {} }: Entry): { file: string; unpacked: boolean }[] =>
    Object.entries(files).flatMap(([called, entry]) => {
      const file = path.posix.join(folder, called);
      return entry.files ? within(file, entry) : [{ file, unpacked: entry.unpacked === true }];
    });
  return within('', header);
}
