/** A density run as the engine would have kept it. */
import type { Report } from '../../../main/contract/report/report';
import type { DensityLadder, DensityStep } from '../../../main/contract/run/density';
import type { Run } from '../../../main/contract/run/run';
import { makeReport } from '../../../main/engine/results/report/report';
import { seededRandom } from '../../../main/engine/results/statistics/random';
import { ladderModels, simulatedLadders, usualTruth, type Truth } from '../statistics/simulatedLadders';
import { fakeRun } from './fakeRun';

const mebibyte = 1024 ** 2;
export const heavier: Truth = { ...usualTruth, eachBytes: 100 * mebibyte };
export const quiet = ladderModels.find(({ name }) => name === 'readings err by 2 MiB')!;

/** What a ladder's steps say beside memory. */
const facts: Partial<DensityStep> = {
  availableBytes: 6000 * mebibyte,
  answered: { good: 1, withinMs: 1000 },
  pressure: { cpu: { someAvg10: 12, stalledMs: 340 } },
  readingMs: 5,
};

interface Staging {
  container?: DensityLadder[];
  vm?: DensityLadder[];
  ladders?: number;
}

/** Ladders of known truth, and the starts of three ladders of eight. */
export function densityRun({ ladders = 3, container, vm }: Staging = {}): { run: Run; report: Report } {
  const run = fakeRun({
    preset: 'density',
    plan: { trials: 24 },
    change: (trial) => (trial.upBefore = trial.index % 8),
  });
  const random = seededRandom(3);
  const from = (target: string, all: DensityLadder[]): DensityLadder[] =>
    all.map((ladder) => ({ ...ladder, target, steps: ladder.steps.map((step) => ({ ...facts, ...step })) }));
  run.density = [
    ...from('vm:direct', vm ?? simulatedLadders(heavier, quiet, ladders, random)),
    ...from('container', container ?? simulatedLadders(usualTruth, quiet, ladders, random)),
  ];
  return { run, report: makeReport(run, []) };
}
