/**
 * Cold starts: what a start reads is dropped from this computer's page cache before. File by file, since dropping everything
 * (`drop_caches` 1 or 3) would slow down whatever else runs here, and the engine and QEMU with it. Names of files (dentries, inodes) can
 * only be dropped all together, as root; others find them again in the file systems' own tables, which stay in memory.
 */
import { writeFile } from 'node:fs/promises';
import type { CachedFiles } from '../../../contract/run/cachedFiles';
import { TareError } from '../../base/errors';
import { programFailed, programLimits, runProgram } from '../../base/process/child';
import type { RunScope } from '../../base/scope';

/** Drops files, and all below folders; tells what of them was in the cache, and what still is. @throws {TareError} `program-failed` */
export type DropCached = (paths: readonly string[]) => Promise<CachedFiles>;

/** Linux Documentation/admin-guide/sysctl/vm.rst: 2 frees dentries and inodes, and no pages. */
const dropFile = '/proc/sys/vm/drop_caches';
const namesAndAttributes = '2';

const dropNames = (): Promise<void> => writeFile(dropFile, namesAndAttributes);

/**
 * @param program  the kit's (assets/guest/pagecache.c)
 * @throws {TareError} `not-cold` where this user, or this system, cannot drop anything; as the kit is made
 */
export async function openColdStarts(
  program: () => Promise<string>,
  { signal }: Pick<RunScope, 'signal'>,
): Promise<DropCached> {
  if (process.platform !== 'linux') throw new TareError({ code: 'not-cold', reason: 'not-linux' });
  if (process.getuid?.() !== 0) throw new TareError({ code: 'not-cold', reason: 'cold-needs-root' });
  await dropNames().catch(({ code }: NodeJS.ErrnoException) => {
    throw new TareError({ code: 'not-cold', reason: code ?? 'drop-caches' });
  });
  const pageCache = await program();
  return async (paths) => {
    const told = await runProgram(pageCache, [...paths], {
      signal,
      limitMs: programLimits.wholeTrees,
    });
    const dropped = readDropped(told);
    if (!dropped) throw programFailed('pagecache', 'exit 0', told);
    await dropNames(); // last: counting the pages has looked up every file
    return dropped;
  };
}

/** Undefined for what the program does not print. */
export function readDropped(told: string): CachedFiles | undefined {
  const [, bytes, before, after] = /^(\d+) (\d+) (\d+)$/.exec(told) ?? [];
  return bytes === undefined
    ? undefined
    : { bytes: Number(bytes), droppedBytes: Number(before) - Number(after), cachedBytes: Number(after) };
}
