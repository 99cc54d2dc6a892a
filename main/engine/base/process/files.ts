/** What could be left on the disk. */
import { lstatSync, readFileSync, readdirSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';

interface OpenFile {
  path: string;
  stats: Stats;
}

/** O_WRONLY or O_RDWR, as /proc tells the flags: octal. */
const isWritable = (fdinfo: string): boolean =>
  (parseInt(/^flags:\s+(\d+)$/m.exec(fdinfo)?.[1] ?? '0', 8) & 3) !== 0;

/**
 * Regular files that a process holds open for writing. Those without a name are among them: their `path` leads nowhere.
 * @throws a system error when the process has ended, is not ours to look into, or where there is no /proc
 */
export function writableFiles(pid: number): OpenFile[] {
  const folder = `/proc/${pid}`;
  return readdirSync(`${folder}/fd`).flatMap((descriptor): OpenFile[] => {
    try {
      if (!isWritable(readFileSync(`${folder}/fdinfo/${descriptor}`, 'utf8'))) return [];
      const stats = statSync(`${folder}/fd/${descriptor}`);
      return stats.isFile() ? [{ path: readlinkSync(`${folder}/fd/${descriptor}`), stats }] : [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** Blocks of those of `files` that can still be found under their name, each file once. */
export function bytesStillThere(files: readonly OpenFile[]): number {
  const found = new Map<string, number>();
  for (const { path, stats } of files) {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.dev === stats.dev && now.ino === stats.ino) found.set(`${now.dev} ${now.ino}`, now.blocks * 512);
  }
  return [...found.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Blocks of everything in a folder. @throws a system error when it cannot be read */
export const bytesBelow = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + lstatSync(path).blocks * 512 + (entry.isDirectory() ? bytesBelow(path) : 0);
  }, 0);
