/** What the claims' answers are made of. */
import type { TargetId } from '../../contract/targets';
import type { Claim, Fact, Message, Unit } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { counted, valuesOf, type Reading } from './groups';
import { key } from './tables';

/** A number beside the verdict. */
export const figure = (label: string, value: number, unit: Unit, facts: Message['facts'] = {}) => ({
  label: key(`claim.figure.${label}`, facts),
  value,
  unit,
});

/** A fact in bytes. */
export const bytes = (value: number): Fact => ({ bytes: value });

/** A claim's verdict, before the claim itself is named. */
export type Answer = Omit<Claim, 'id' | 'says' | 'weakenedBy'> & { weakenedBy?: Message[] };

/** Trials that count, of the targets that pass. */
export const on = (run: Run, test: (target: TargetId) => boolean): Trial[] =>
  counted(run).filter(({ target }) => test(target));
/** Those of the full system. */
export const full = (run: Run): Trial[] => on(run, (target) => target === 'vm:full');

/** The median of what could be read; undefined where nothing could. */
export const middle = (trials: readonly Trial[], read: Reading): number | undefined => {
  const values = valuesOf(trials, read);
  return values.length > 0 ? median(values) : undefined;
};

/** What to do where the full system could not be run; why, where that is known. */
export function withoutFull(run: Run, id: 'C1' | 'C2' | 'C4'): Answer {
  const skipped = run.skipped.find(({ target }) => target === 'vm:full');
  return {
    standing: 'unknown',
    text: skipped
      ? key(`verdict.claim.${id}.unknown-why`, { why: { failure: skipped.failure } })
      : key(`verdict.claim.${id}.unknown`),
    figures: [],
    remedy: key('claim.remedy.full'),
  };
}

/** What the first target that passes shares with the host and keeps apart. */
export const sideOf = (run: Run, test: (target: TargetId) => boolean) =>
  run.evidence?.isolation.find(({ target }) => test(target));
