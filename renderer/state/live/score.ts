import { byPlace, kindOf, sharesMachine, type TargetId } from '../../../main/contract/targets';
import type { Lane } from './run';

/** What the rounds so far say of one target, all applications together. */
export interface Score {
  target: TargetId;
  /** counted trials that have ended well, of the application that has the fewest */
  rounds: number;
  /** mean of the applications' median times to ready; absent until each has one */
  readyMs?: number;
  /** sum of the applications' median own memory */
  ownBytes?: number;
  /** over the first target's */
  timesAsLong?: number;
  timesTheMemory?: number;
}

/** The container first, or a plain process where there is none: what the others are held against. */
export function scoresOf(lanes: readonly Lane[]): Score[] {
  const targets = [...new Set(lanes.map(({ target }) => target))].sort(byPlace);
  const base = targets.find((target) => kindOf(target) === 'container') ?? targets[0];
  if (base === undefined) return [];
  const scores = [base, ...targets.filter((target) => target !== base)].map((target) =>
    scoreOf(
      target,
      lanes.filter((lane) => lane.target === target),
    ),
  );
  const [first] = scores;
  return scores.map((score) => {
    if (score === first) return score;
    const timesAsLong = over(score.readyMs, first!.readyMs);
    const timesTheMemory = over(score.ownBytes, first!.ownBytes);
    return {
      ...score,
      ...(timesAsLong !== undefined && { timesAsLong }),
      ...(timesTheMemory !== undefined && { timesTheMemory }),
    };
  });
}

function scoreOf(target: TargetId, lanes: readonly Lane[]): Score {
  // What a machine takes that all are in is in none of their figures: the report adds it.
  const known = sharesMachine(target) ? [undefined] : lanes;
  const readyMs = sum(known.map((lane) => lane && median(lane.readyMs)));
  const ownBytes = sum(known.map((lane) => lane && median(lane.ownBytes)));
  return {
    target,
    rounds: Math.min(...lanes.map((lane) => lane.readyMs.length)),
    ...(readyMs !== undefined && { readyMs: readyMs / lanes.length }),
    ...(ownBytes !== undefined && { ownBytes }),
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

/** Undefined where one is missing: a partial sum would be too small. */
const sum = (values: readonly (number | undefined)[]): number | undefined =>
  values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );

const over = (value: number | undefined, base: number | undefined): number | undefined =>
  value !== undefined && base ? value / base : undefined;
