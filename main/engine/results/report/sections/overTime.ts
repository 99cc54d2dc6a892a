/**
 * Memory over time, from the engine's first call on: one line per workload and target, of the trial whose start was the most usual one.
 * Each begins at 0 and ends with its soak.
 */
import { readyMs } from '../../../../contract/metrics';
import type { Trial } from '../../../../contract/run/run';
import { emulatedMark, frame, labelOf } from '../chart';
import { decimate, type Point } from '../decimation';
import type { Group } from '../estimates/groups';
import type { Section } from '../section';

const mostPoints = 400;

export const overTime = {
  charts({ run, groups }, samples) {
    const byTrial = new Map<string, Point[]>();
    const typical = groups.flatMap((group) => {
      const trial = mostUsual(group);
      if (trial) byTrial.set(trial.id, []);
      return trial ? [{ group, trial }] : [];
    });
    const trials = new Map(typical.map(({ trial }) => [trial.id, trial]));
    for (const sample of samples) {
      if (sample.kind !== 'instance') continue;
      const y = sample.residentBytes;
      const trial = trials.get(sample.trial);
      if (y === undefined || !trial) continue;
      const xMs = sample.atMs - trial.startMs;
      // while it is stopped its memory goes back, which is another story
      if (xMs >= 0 && xMs <= untilMs(trial)) byTrial.get(sample.trial)!.push({ xMs, y });
    }
    const lines = typical
      .filter(({ trial }) => byTrial.get(trial.id)!.length > 0)
      .map(({ group, trial }) => ({
        label: labelOf(run, group),
        target: group.target,
        ...emulatedMark(group.trials),
        points: decimate(fromTheStart(trial, byTrial.get(trial.id)!), mostPoints),
      }));
    if (lines.length === 0) return [];
    return [{ ...frame('memory-over-time', [1]), kind: 'lines', unit: 'bytes', lines }];
  },
} satisfies Section;

const atOf = ({ phases }: Trial, ...names: string[]): number | undefined =>
  phases.find(({ name }) => names.includes(name))?.atMs;

/** Up to the end of its soak. */
const untilMs = (trial: Trial): number => atOf(trial, 'stopping') ?? Infinity;

/** Until it has a process it has no memory. An engine that does not tell of the process says when its start call returned. */
function fromTheStart(trial: Trial, read: readonly Point[]): Point[] {
  const processAtMs = atOf(trial, 'spawned') ?? atOf(trial, 'exec') ?? atOf(trial, 'started') ?? 0;
  const before = [...new Set([0, processAtMs])].map((xMs) => ({ xMs, y: 0 }));
  return [...before.filter(({ xMs }) => xMs < read[0]!.xMs), ...read];
}

function mostUsual(group: Group): Trial | undefined {
  const centre = group.of(readyMs.read).median();
  if (centre === undefined) return undefined;
  const distance = (trial: Trial) => Math.abs(trial.readyMs! - centre);
  return group.trials
    .filter((trial) => trial.readyMs !== undefined)
    .reduce((best, trial) => (distance(trial) < distance(best) ? trial : best));
}
