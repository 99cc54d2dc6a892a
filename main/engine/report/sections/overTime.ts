/** Memory over time: one line per workload and target, of the trial whose start was the most usual one, on its own clock. */
import { readyMs } from '../../../contract/metrics';
import type { Trial } from '../../../contract/run/run';
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
    const starts = new Map(typical.map(({ trial }) => [trial.id, trial.startMs]));
    for (const sample of samples) {
      if (sample.kind !== 'instance') continue;
      const y = sample.residentBytes;
      const startMs = starts.get(sample.trial);
      if (y === undefined || startMs === undefined || sample.atMs < startMs) continue;
      byTrial.get(sample.trial)!.push({ xMs: sample.atMs - startMs, y });
    }
    const lines = typical
      .map(({ group, trial }) => ({
        label: labelOf(run, group),
        target: group.target,
        ...emulatedMark(group.trials),
        points: decimate(byTrial.get(trial.id)!, mostPoints),
      }))
      .filter(({ points }) => points.length > 0);
    if (lines.length === 0) return [];
    return [{ ...frame('memory-over-time', [1]), kind: 'lines', unit: 'bytes', lines }];
  },
} satisfies Section;

function mostUsual(group: Group): Trial | undefined {
  const centre = group.of(readyMs.read).median();
  if (centre === undefined) return undefined;
  const distance = (trial: Trial) => Math.abs(trial.readyMs! - centre);
  return group.trials
    .filter((trial) => trial.readyMs !== undefined)
    .reduce((best, trial) => (distance(trial) < distance(best) ? trial : best));
}
