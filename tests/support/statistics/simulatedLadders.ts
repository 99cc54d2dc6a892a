/** Ladders whose truth is known, with the errors that real ones have. */
import type { DensityLadder, DensityStep } from '../../../main/contract/run/density';
import { ladderCounts } from '../../../main/contract/planning';
import type { Random } from '../../../main/engine/results/statistics/random';
import { normalDraw } from './normalDraw';

const mebibyte = 1024 ** 2;

export interface LadderModel {
  name: string;
  /** what one instance takes more or less than the next, as a share of the cost: it stays in every later reading */
  instance: number;
  /** error of a single reading of the host */
  readingBytes: number;
  /** how much of a reading's error is still there at the next (AR(1)) */
  lasting: number;
  /** what all instances of one ladder take more or less than those of the next, as a share of the cost */
  ladder: number;
}

export const ladderModels: LadderModel[] = [
  { name: 'instances differ by 10 %', instance: 0.1, readingBytes: 0, lasting: 0, ladder: 0 },
  { name: 'readings err by 2 MiB', instance: 0, readingBytes: 2 * mebibyte, lasting: 0, ladder: 0 },
  {
    name: 'errors that last (AR(1), 0.7)',
    instance: 0.03,
    readingBytes: 2 * mebibyte,
    lasting: 0.7,
    ladder: 0,
  },
  { name: 'ladders differ by 3 %', instance: 0.03, readingBytes: 0.5 * mebibyte, lasting: 0, ladder: 0.03 },
  { name: 'all of it', instance: 0.05, readingBytes: mebibyte, lasting: 0.5, ladder: 0.02 },
];

export interface Truth {
  /** what is shared by all */
  sharedBytes: number;
  eachBytes: number;
  roomBytes: number;
  most: number;
}

export const usualTruth: Truth = {
  sharedBytes: 10 * mebibyte,
  eachBytes: 20 * mebibyte,
  roomBytes: 7000 * mebibyte,
  most: 8,
};
export const fitting = ({ sharedBytes, eachBytes, roomBytes }: Truth): number =>
  (roomBytes - sharedBytes) / eachBytes;

/** One ladder of a run; the host's books err as the model says, the instances' own know each instance. */
function simulatedLadder(
  { sharedBytes, eachBytes, roomBytes, most }: Truth,
  model: LadderModel,
  round: number,
  random: Random,
): DensityLadder {
  const each = eachBytes * (1 + model.ladder * normalDraw(random));
  let [taken, error] = [sharedBytes, normalDraw(random)];
  let up = 0;
  const steps = ladderCounts(most).map((count): DensityStep => {
    for (; up < count; up += 1) taken += each + model.instance * eachBytes * normalDraw(random);
    error = model.lasting * error + Math.sqrt(1 - model.lasting ** 2) * normalDraw(random);
    return { count, hostBytes: taken, hostChangeBytes: taken + model.readingBytes * error };
  });
  const capacity = { floorBytes: 0, availableBytes: roomBytes, spareBytes: roomBytes };
  return { workload: 'web', target: 'container', round, capacity, steps, reached: most, ended: 'most' };
}

export const simulatedLadders = (
  truth: Truth,
  model: LadderModel,
  count: number,
  random: Random,
): DensityLadder[] =>
  Array.from({ length: count }, (_, round) => simulatedLadder(truth, model, round, random));
