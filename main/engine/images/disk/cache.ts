/** The size of the cache: what it holds, when each thing was last of use, and what goes when it grows beyond its bound. */
import { statSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { CacheReport } from '../../../contract/machine';
import { programLimits, runProgram } from '../../base/process/child';
import type { Ledger } from '../../base/process/ledger';
import { processes } from '../../base/process/proc';
import { bound } from '../../base/process/programs';

/** Folders of things that can be made again, one entry each. */
const kindFolders = ['disks', 'initrds', 'layers', 'seeds', 'units', 'snapshots', 'trees'];
/** What recipes made, of this version of Tare and of others. */
const made = /^(kit|kernel|reader|system)-[0-9a-f]{12}$/;

/** Whether this is the name of something that a cache holds. */
export const isOfCache = (name: string): boolean => kindFolders.includes(name) || made.test(name);

export interface Cached {
  path: string;
  /** blocks it occupies */
  bytes: number;
  /** Unix time */
  usedAtMs: number;
}

/** Another Tare may have prepared it and not started it yet. */
const spareMs = 3_600_000;

/** Remembers that an entry was of use now, as its time of change: merely weighing a folder already counts as access. */
export async function markUsed(entry: string): Promise<void> {
  try {
    await utimes(entry, new Date(), new Date());
  } catch {
    // gone meanwhile, or a cache of somebody else's: then its age is only less exact
  }
}

/**
 * What the cache holds, least recently used first. What is being made just now does not count.
 * @throws {TareError} `tool-missing` · `program-failed`: without `du` nothing can be weighed
 */
export async function cached(cacheFolder: string): Promise<Cached[]> {
  const paths = [...(await namesIn(cacheFolder)).filter((name) => made.test(name))].map((name) =>
    path.join(cacheFolder, name),
  );
  for (const kindFolder of kindFolders) {
    const folder = path.join(cacheFolder, kindFolder);
    const names = (await namesIn(folder)).filter((name) => !/^(tare-|\.)/.test(name));
    paths.push(...names.map((name) => path.join(folder, name)));
  }
  const weights = await weigh(paths);
  const entries: Cached[] = [];
  for (const one of paths) {
    const found = await stat(one).catch(() => undefined);
    if (!found) continue;
    entries.push({ path: one, bytes: weights.get(one) ?? 0, usedAtMs: found.mtimeMs });
  }
  return entries.sort((a, b) => a.usedAtMs - b.usedAtMs);
}

/** What a folder or file of the cache is: the kind of thing that several of them are. */
const kindOfEntry = (entry: string, cacheFolder: string): string =>
  path.relative(cacheFolder, entry).split(/[\\/-]/)[0]!;

/**
 * The weight of the cache by kinds of things, heaviest first.
 * @throws {TareError} `tool-missing` · `program-failed`: without `du` nothing can be weighed
 */
export async function weighCache(cacheFolder: string, boundBytes: number): Promise<CacheReport> {
  const kinds = new Map<string, { kind: string; count: number; bytes: number }>();
  for (const { path: entry, bytes } of await cached(cacheFolder)) {
    const kind = kindOfEntry(entry, cacheFolder);
    const sum = kinds.get(kind) ?? { kind, count: 0, bytes: 0 };
    kinds.set(kind, { kind, count: sum.count + 1, bytes: sum.bytes + bytes });
  }
  const sorted = [...kinds.values()].sort((a, b) => b.bytes - a.bytes);
  return {
    folder: cacheFolder,
    bytes: sorted.reduce((sum, { bytes }) => sum + bytes, 0),
    boundBytes,
    kinds: sorted,
  };
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function weigh(paths: string[]): Promise<Map<string, number>> {
  if (paths.length === 0) return new Map();
  // a disk that is slow keeps it at work for longer than a Tare that is killed
  const [program, ...args] = await bound(['du', '-sk', ...paths]);
  const output = await runProgram(program!, args, { limitMs: programLimits.wholeTrees });
  return new Map(
    output.split('\n').map((line) => {
      const [kib = '', ...rest] = line.split('\t');
      return [rest.join('\t'), Number(kib) * 1024];
    }),
  );
}

/** Which entries a running program was told about: its disk, its memory, the tree it runs in. */
function inUse(entries: Cached[]): Set<string> {
  const words = processes().flatMap((process) => process.words);
  return new Set(
    entries.map((entry) => entry.path).filter((one) => words.some((word) => word.includes(one))),
  );
}

export interface Eviction {
  cacheFolder: string;
  ledger: Ledger;
  /** how much may stay */
  boundBytes: number;
  /** nobody may be about to use what is not in use: then also what is new goes; by default somebody may */
  isIdle?: () => boolean;
  /** only tells what would go */
  dryRun?: boolean;
}

/** What went, and how many did not since they were of use lately and somebody may be about to use them again. */
interface Evicted {
  gone: Cached[];
  spared: number;
}

/** Removes what was of use longest ago until the rest fits. */
export async function evict({
  cacheFolder,
  ledger,
  boundBytes,
  isIdle = () => false,
  dryRun,
}: Eviction): Promise<Evicted> {
  const entries = await cached(cacheFolder);
  const busy = inUse(entries);
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const evicted: Evicted = { gone: [], spared: 0 };
  for (const entry of entries) {
    if (bytes <= boundBytes && boundBytes > 0) break;
    if (busy.has(entry.path)) continue;
    // both are looked at now: another Tare may have begun since the cache was weighed
    if (isNew(entry.path) && !isIdle()) {
      evicted.spared += 1;
      continue;
    }
    if (!dryRun) await remove(entry.path, cacheFolder, ledger);
    bytes -= entry.bytes;
    evicted.gone.push(entry);
  }
  return evicted;
}

const isNew = (entry: string): boolean =>
  (statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0) > Date.now() - spareMs;

/** In one step out of its place: nobody may find half of it. */
async function remove(entry: string, cacheFolder: string, ledger: Ledger): Promise<void> {
  const aside = path.join(cacheFolder, ledger.name('evicted'));
  const strike = ledger.note('folder', aside);
  try {
    await rename(entry, aside);
    await rm(aside, { recursive: true, force: true });
    strike();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    strike(); // another Tare was quicker
  }
}
