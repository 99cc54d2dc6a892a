import { existsSync, rmSync, statSync } from 'node:fs';
import type { CleanReport, Leftover } from '../contract/machine';
import { TareError, toFailure } from './errors';
import { ledgerFolder } from './history/paths';
import { evict } from './disk/cache';
import { removeCgroup } from './process/ownCgroup';
import { processes, startTicks } from './process/proc';
import { deadSessions, type DeadSession } from './process/sessions';
import type { Resources } from './resources';
import { sleep } from './signals';
import { isContainerId, processesOfContainer } from './docker/leftProcesses';
import { containersOf, imagesOf, removeFound } from './docker/leftovers';

/** How long after a kill the engine may still be creating what was asked of it. */
const settlingMs = 2000;
const killLimitMs = 5000;

/**
 * Removes what sessions that no longer live have left behind, and only that: their containers and networks by label, their images by name, their
 * processes by the name in the command line, their control groups and folders by path. What cannot be removed stays in the ledger for next time.
 * @param dryRun  only tells what would be removed
 */
export async function sweep(resources: Resources, dryRun: boolean): Promise<CleanReport> {
  const report: CleanReport = { removed: [], kept: [] };
  for (const dead of deadSessions(ledgerFolder(resources.dataFolder))) {
    const swept = await sweepSession(dead, resources, dryRun);
    report.removed.push(...swept.removed);
    report.kept.push(...swept.kept);
    if (!dryRun && swept.kept.length === 0) rmSync(dead.file, { force: true });
  }
  return report;
}

/**
 * Sweeps, and with `cache` also removes everything from the cache that no program is using: all of it can be made again.
 * @throws {TareError} `tool-missing` · `program-failed`: without `du` the cache cannot be weighed
 */
export async function clean(resources: Resources, dryRun: boolean, cache: boolean): Promise<CleanReport> {
  const report = await sweep(resources, dryRun);
  if (!cache) return report;
  const { cacheFolder } = resources;
  const gone = await evict({ cacheFolder, ledger: resources.ledger(), boundBytes: 0, dryRun });
  const removed = gone.map((entry): Leftover => ({ kind: 'cache', name: entry.path, session: '' }));
  return {
    ...report,
    removed: [...report.removed, ...removed],
    freedBytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function sweepSession(dead: DeadSession, resources: Resources, dryRun: boolean): Promise<CleanReport> {
  const report = await sweepContainers(dead, resources, dryRun);
  // processes first: they hold the others
  const present = [
    ...leftoverProcesses(dead),
    ...leftoverPlaces(dead, 'cgroup'),
    ...leftoverPlaces(dead, 'folder'),
  ];
  for (const leftover of present) {
    try {
      if (!dryRun) await remove(leftover);
      report.removed.push(leftover);
    } catch (error) {
      report.kept.push({ leftover, failure: toFailure(error) });
    }
  }
  return report;
}

async function sweepContainers(
  dead: DeadSession,
  resources: Resources,
  dryRun: boolean,
): Promise<CleanReport> {
  const noted = dead.entries.filter(({ kind }) => ['container', 'network', 'image'].includes(kind));
  if (noted.length === 0) return { removed: [], kept: [] };
  const named = (of: Leftover['kind']) => noted.flatMap(({ kind, name }) => (kind === of ? [name] : []));
  try {
    const { docker } = await resources.docker();
    // no list any more: another Tare has swept it meanwhile, and waited as long as it takes
    const lastWrittenMs = statSync(dead.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const diedMsAgo = Date.now() - lastWrittenMs;
    const [images, others] = [named('image'), [...named('container'), ...named('network')]];
    const waitMs = Math.max(0, settlingMs - diedMsAgo);
    const found = [
      ...(await containersOf(docker, dead.session, others, waitMs)),
      ...(await imagesOf(docker, dead.session, images)),
    ];
    return dryRun ? { removed: found, kept: [] } : await removeFound(docker, found);
  } catch (error) {
    const failure = toFailure(error);
    return { removed: [], kept: noted.map((leftover) => ({ leftover, failure })) };
  }
}

/** Processes whose argument list holds a name that only this session gave; of a container that is gone, those of its shim. */
function withName(name: string): number[] {
  if (isContainerId(name)) return processesOfContainer(name).map(({ pid }) => pid);
  return processes().flatMap(({ pid, words }) =>
    startTicks(pid) !== undefined && words.some((word) => word.split(/[,=]/).includes(name)) ? [pid] : [],
  );
}

const leftoverProcesses = (dead: DeadSession): Leftover[] =>
  dead.entries.filter(({ kind, name }) => kind === 'process' && withName(name).length > 0);

const leftoverPlaces = (dead: DeadSession, of: 'cgroup' | 'folder'): Leftover[] =>
  dead.entries.filter(({ kind, name }) => kind === of && existsSync(name));

async function kill(name: string): Promise<void> {
  const deadline = performance.now() + killLimitMs;
  for (let pids = withName(name); pids.length > 0; pids = withName(name)) {
    if (performance.now() > deadline)
      throw new TareError({ code: 'not-stopped', what: `${name} (${pids.join(', ')})` });
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone meanwhile is what we want
      }
    }
    await sleep(10);
  }
}

function remove({ kind, name }: Leftover): void | Promise<void> {
  if (kind === 'process') return kill(name);
  if (kind === 'cgroup') return removeCgroup(name);
  rmSync(name, { recursive: true, force: true });
}
