/**
 * Runs the real engine and kills its own process with SIGKILL at the instant named on the command line.
 *   killAt DATA CACHE TARGET MOMENT WORKLOAD
 * It runs in the folder of the sources. A workload is JSON; a moment is `KIND`, `progress STEP` or `phase NAME`, as the events name them, or `file NAME`: a machine is being saved, and
 * something is in its file of that name.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Plan, type PlanInput } from '../../main/contract/plan';
import type { TareEvent } from '../../main/contract/events';
import { createEngine } from '../../main/engine/index';

type Words = [dataFolder: string, cacheFolder: string, target: string, moment: string, workload: string];
const [dataFolder, cacheFolder, target, moment, workload] = process.argv.slice(2) as Words;

const nameOf = (event: TareEvent): string =>
  event.kind === 'progress'
    ? `progress ${event.progress.step}`
    : event.kind === 'phase'
      ? `phase ${event.phase.name}`
      : event.kind;

/** Whatever is renamed or removed meanwhile. */
function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const engine = createEngine({ dataFolder, cacheFolder, assetsFolder: path.resolve('assets') });
const die = () => process.kill(process.pid, 'SIGKILL');
engine.onEvent((event) => {
  if (nameOf(event) === moment) die();
});
const [, saved] = /^file (.+)$/.exec(moment) ?? [];
const snapshots = path.join(cacheFolder, 'snapshots');
if (saved !== undefined) {
  mkdirSync(snapshots, { recursive: true });
  setInterval(() => {
    const making = namesBelow(snapshots).filter((name) => /(^|\/)tare-/.test(name));
    if (making.some((name) => path.basename(name) === saved && sizeOf(path.join(snapshots, name)) > 0)) die();
  }, 1);
}
const plan = Plan.parse({
  name: 'kill',
  workloads: [
    {
      ...(JSON.parse(workload) as PlanInput['workloads'][number]),
      ...(saved !== undefined && { environment: { KILLED_AT: saved } }), // such a machine was never saved before
    },
  ],
  targets: [target],
  trials: 1,
  warmups: 0,
  soakMs: 100,
});
engine.onEvent((event) => {
  if (event.kind === 'run-ended') process.exit(event.state === 'done' ? 0 : 9);
});
void engine.startRun({ plan });
