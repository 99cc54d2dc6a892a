/** What the claims' answers are made of. */
import { tell, type NameIn } from '../../../../contract/messages';
import type { Reading } from '../../../../contract/metrics';
import type { Claim, Fact, Interval, Message, Unit } from '../../../../contract/report/report';
import type { Run, Trial } from '../../../../contract/run/run';
import type { TargetId } from '../../../../contract/targets';
import { median } from '../../statistics/summary';
import { isSystem } from '../estimates/applications';
import type { Estimates } from '../estimates/estimates';
import { valuesOf } from '../estimates/groups';

/** What this run says to a claim, before the claim itself is named. */
export type ClaimAnswer = Omit<Claim, 'id' | 'says' | 'weakenedBy'> & { weakenedBy?: Message[] };

/** A number beside the answer; none where it could not be read. */
export const figure = (
  label: NameIn<'claim.figure'>,
  value: number | undefined,
  unit: Unit,
): Claim['figures'] => (value === undefined ? [] : [{ label: tell(`claim.figure.${label}`), value, unit }]);

/** A fact in bytes. */
export const bytes = (value: number): Fact => ({ bytes: value });

/** Trials that count, of the targets that pass. */
export const on = (of: Estimates, test: (target: TargetId) => boolean): Trial[] =>
  of.counted.filter(({ target }) => test(target));

/** The median of what could be read; undefined where nothing could. */
export const middle = (trials: readonly Trial[], read: Reading): number | undefined => {
  const values = valuesOf(trials, read);
  return values.length > 0 ? median(values) : undefined;
};

/** What to do where the full system could not be run; why, where that is known. */
export function withoutSystem({ run }: Estimates, id: 'C1' | 'C2' | 'C4'): ClaimAnswer {
  const skipped = run.skipped.find(({ target }) => isSystem(target));
  return {
    standing: 'unknown',
    text: skipped
      ? tell(`verdict.claim.${id}.unknown-why`, { why: { failure: skipped.failure } })
      : tell(`verdict.claim.${id}.unknown`),
    figures: [],
    remedy: tell('claim.remedy.full'),
  };
}

/** What the first target that passes shares with the host and keeps apart. */
export const sideOf = ({ run }: { run: Run }, test: (target: TargetId) => boolean) =>
  run.evidence?.isolation.find(({ target }) => test(target));

/** Whether all of an interval lies above a threshold, or below; undefined where it holds the threshold, or there is none. */
export const isAbove = (interval: Interval | undefined, threshold: number): boolean | undefined =>
  !interval ? undefined : interval.low >= threshold ? true : interval.high < threshold ? false : undefined;

/** An interval as facts of these names. */
export const edges = (
  interval: Interval | undefined,
  show: (value: number) => Fact,
  [low, high]: readonly [string, string] = ['low', 'high'],
): Message['facts'] => (interval ? { [low]: show(interval.low), [high]: show(interval.high) } : {});

/** A fact that says how many times as much. */
export const times = (value: number): Fact => ({ times: value });
