import { lstatSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import type { CleanReport, Leftover } from '../../contract/machine';
import { TareError, toFailure } from '../base/errors';
import { ledgerFolder } from '../base/paths';
import { evict } from '../images/disk/cache';
import { removeCgroup } from '../base/process/ownCgroup';
import { processes, startTicks } from '../base/process/proc';
import { doubtAbout } from '../base/process/sessions/believed';
import { deadSessions, type DeadSession } from '../base/process/sessions/sessions';
import type { Resources } from '../measure/resources';
import { abandoned, halfKept, removeTrace } from './traces';
import { sleep } from '../base/signals';
import { removeUnused, unusedImages } from '../images/image/unused';
import { isContainerId, processesOfContainer } from '../base/docker/leftProcesses';
import { containersOf, imagesOf, removeFound } from '../base/docker/leftovers';
import { isGone } from '../base/docker/owned';
import { sweepSwarm } from '../remote/swarm/leftovers';

/** How long after a kill the engine may still be creating what was asked of it. */
const settlingMs = 2000;
const killLimitMs = 5000;

/**
 * Removes what sessions that no longer live have left behind, and only that: their containers and networks by label, their images by name, their
 * processes by the name in the command line, their control groups and folders by path. What cannot be removed stays in the ledger for next
 * time; so does what no session of Tare can have made, whatever a list says. Never rejects: what is wrong with a list is told, and stops no run.
 * @param dryRun  only tells what would be removed
 */
export async function sweep(resources: Resources, dryRun: boolean): Promise<CleanReport> {
  const { dead, refused } = deadSessions(ledgerFolder(resources.dataFolder));
  const report: CleanReport = {
    removed: [],
    kept: refused.map((failure) => ({ leftover: listAt(failure.path), failure })),
  };
  for (const one of dead) {
    const swept = await sweepSession(one, resources, dryRun);
    report.removed.push(...swept.removed);
    report.kept.push(...swept.kept);
    if (dryRun || swept.kept.length > 0) continue;
    try {
      rmSync(one.file, { force: true });
    } catch (error) {
      report.kept.push({ leftover: listAt(one.file), failure: toFailure(error) });
    }
  }
  for (const folder of abandoned())
    removeNamed({ kind: 'folder', name: folder, session: '' }, dryRun, report);
  return report;
}

function removeNamed(leftover: Leftover, dryRun: boolean, report: CleanReport): void {
  try {
    if (!dryRun) removeTrace(leftover.name);
    report.removed.push(leftover);
  } catch (error) {
    report.kept.push({ leftover, failure: toFailure(error) });
  }
}

const listAt = (file: string): Leftover => ({ kind: 'list', name: file, session: '' });

/**
 * Sweeps, and with `cache` also removes everything from the cache that no program is using, and the images of Tare's own that nothing needs:
 * all of it can be made again.
 * @param isIdle  nothing is under way on this machine that may be about to use an image, or what the cache holds
 * @throws {TareError} `tool-missing` · `program-failed`: without `du` the cache cannot be weighed
 */
export async function clean(
  resources: Resources,
  dryRun: boolean,
  cache: boolean,
  isIdle: () => boolean,
): Promise<CleanReport> {
  const report = await sweep(resources, dryRun);
  if (!cache) return report;
  const { cacheFolder } = resources;
  const ledger = resources.ledger();
  const { gone, spared } = await evict({ cacheFolder, ledger, boundBytes: 0, isIdle, dryRun });
  const removed = gone.map((entry): Leftover => ({ kind: 'cache', name: entry.path, session: '' }));
  return {
    ...report,
    removed: [...report.removed, ...removed, ...(isIdle() ? await withoutImages(resources, dryRun) : [])],
    freedBytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(spared > 0 && { spared }),
  };
}

/** Where no engine answers, there are none to be removed. */
async function withoutImages(resources: Resources, dryRun: boolean): Promise<Leftover[]> {
  try {
    const { docker } = await resources.docker();
    const gone: Leftover[] = [];
    for (const image of await unusedImages(docker))
      if (dryRun || (await removeUnused(docker, image)))
        gone.push({ kind: 'image', name: image.names.join(', '), session: '' });
    return gone;
  } catch (error) {
    if (error instanceof TareError && error.failure.code === 'docker-unreachable') return [];
    throw error;
  }
}

async function sweepSession(
  session: DeadSession,
  resources: Resources,
  dryRun: boolean,
): Promise<CleanReport> {
  const { believed, kept } = await weighed(session, resources);
  const dead = { ...session, entries: believed };
  const report = await sweepContainers(dead, resources, dryRun);
  report.kept.push(...kept);
  // processes first: they hold the others
  const inOrder = (['process', 'cgroup', 'folder'] as const).flatMap((kind) =>
    believed.filter((entry) => entry.kind === kind),
  );
  for (const leftover of inOrder) {
    try {
      if (!isThere(leftover)) continue;
      if (!dryRun) await remove(leftover);
      report.removed.push(leftover);
    } catch (error) {
      report.kept.push({ leftover, failure: toFailure(error) });
    }
  }
  for (const name of halfKept(resources.dataFolder, session.runs))
    removeNamed({ kind: 'record', name, session: session.session }, dryRun, report);
  return report;
}

/** What of a list is there, or may be, and can be the session's; the rest is left alone. */
async function weighed(
  { entries }: DeadSession,
  resources: Resources,
): Promise<{ believed: Leftover[]; kept: CleanReport['kept'] }> {
  const { cacheFolder, dataFolder } = resources;
  const places = { own: [cacheFolder, dataFolder], temporary: [os.tmpdir(), '/var/tmp'] };
  const [believed, kept]: [Leftover[], CleanReport['kept']] = [[], []];
  for (const leftover of entries) {
    try {
      if (!isThere(leftover)) continue;
      const doubt = isOfContainer(leftover)
        ? await doubtAboutContainer(leftover.name, resources)
        : doubtAbout(leftover, places);
      if (doubt === undefined) believed.push(leftover);
      else kept.push({ leftover, failure: { code: 'leftover-refused', what: leftover.name, reason: doubt } });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        kept.push({ leftover, failure: toFailure(error) });
    }
  }
  return { believed, kept };
}

const isOfContainer = ({ kind, name }: Leftover): boolean => kind === 'process' && isContainerId(name);

/** Only what the engine has removed leaves processes that nobody else would end. */
async function doubtAboutContainer(id: string, resources: Resources): Promise<'still-engines' | undefined> {
  const { docker } = await resources.docker();
  return (await isGone(docker.getContainer(id))) ? undefined : 'still-engines';
}

async function sweepContainers(
  dead: DeadSession,
  resources: Resources,
  dryRun: boolean,
): Promise<CleanReport> {
  const kinds: Leftover['kind'][] = ['container', 'network', 'image', 'service', 'secret'];
  const noted = dead.entries.filter(({ kind }) => kinds.includes(kind));
  if (noted.length === 0) return { removed: [], kept: [] };
  const named = (of: Leftover['kind']) => noted.flatMap(({ kind, name }) => (kind === of ? [name] : []));
  try {
    const { docker } = await resources.docker();
    // no list any more: another Tare has swept it meanwhile, and waited as long as it takes
    const lastWrittenMs = statSync(dead.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const diedMsAgo = Date.now() - lastWrittenMs;
    const [images, others] = [named('image'), [...named('container'), ...named('network')]];
    // no longer either where the clock was set back since
    const waitMs = Math.min(settlingMs, Math.max(0, settlingMs - diedMsAgo));
    // first: what runs on nodes ends by itself then
    const swarm = await sweepSwarm(docker, dead.session, noted, dryRun);
    const found = [
      ...(await containersOf(docker, dead.session, others, waitMs)),
      ...(await imagesOf(docker, dead.session, images)),
    ];
    const { removed, kept } = dryRun ? { removed: found, kept: [] } : await removeFound(docker, found);
    return { removed: [...swarm.removed, ...removed], kept: [...swarm.kept, ...kept] };
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

/** What the engine has, only the engine can tell. */
function isThere({ kind, name }: Leftover): boolean {
  if (kind === 'process') return withName(name).length > 0;
  const isPlace = kind === 'cgroup' || kind === 'folder';
  return !isPlace || lstatSync(name, { throwIfNoEntry: false }) !== undefined;
}

async function kill(name: string): Promise<void> {
  const deadline = performance.now() + killLimitMs;
  for (let pids = withName(name); pids.length > 0; pids = withName(name)) {
    if (performance.now() > deadline)
      throw new TareError({ code: 'not-stopped', what: `${name} (${pids.join(', ')})` });
    for (const pid of pids) {
      send(-pid); // what leads a group of its own, such as a script, takes with it what it has started
      send(pid);
    }
    await sleep(10);
  }
}

function send(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone meanwhile, or no group's leader
  }
}

function remove({ kind, name }: Leftover): void | Promise<void> {
  if (kind === 'process') return kill(name);
  if (kind === 'cgroup') return removeCgroup(name);
  rmSync(name, { recursive: true, force: true });
}
