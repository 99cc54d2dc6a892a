/** All that makes a run's figures less sure, each once for the whole report, the gravest first. */
import { tell, type MessageKey } from '../../../../contract/messages';
import { weaknessesTold } from '../../../../contract/report/weaknesses';
import type { Message, Verdict } from '../../../../contract/report/report';
import { answered } from '../estimates/answered';
import { totalsOf } from '../estimates/totals';
import { isOutOfBalance } from '../sections/notes';
import type { Estimates } from '../estimates/estimates';
import { isSure, withoutEmulator } from './sureness';

/** From what makes the figures wrong to what makes them a little less sure; what is not named comes last. */
const byGravity: readonly MessageKey[] = [
  'verdict.answers-differ',
  'verdict.failed',
  'answer.doubt.emulated',
  'answer.doubt.emulator',
  'weakened.engine-elsewhere',
  'weakened.two-machines',
  'weakened.docker-desktop',
  'weakened.other-tare',
  'weakened.other-load',
  'weakened.load',
  'answer.doubt.few',
  'weakened.changed',
  'weakened.swap',
  'weakened.ksm',
  'weakened.no-cgroup',
  'weakened.resolution',
  'weakened.no-warmup',
  'weakened.storage-driver',
  'answer.doubt.books',
  'weakened.battery',
  'weakened.governor',
  'weakened.turbo',
  'weakened.virtualised',
];
const place = ({ key }: Message): number => {
  const at = byGravity.findIndex((one) => one === key);
  return at < 0 ? byGravity.length : at;
};

/** Emulation weakens times and memory, each in words of its own; as a doubt about the report it is one. */
const asDoubt = (weakness: Message): Message =>
  ofEmulation.some((key) => key === weakness.key) ? tell('answer.doubt.emulated') : weakness;
const ofEmulation: readonly MessageKey[] = ['weakened.emulated-time', 'weakened.emulated-memory'];

/** Warnings about the figures themselves; that B got worse is a finding, and what is told more shortly here is left out. */
const isDoubt = ({ standing, id, judgement }: Verdict): boolean =>
  standing === 'warning' && judgement === undefined && !/^(emulated|trial-failed|books)\b/.test(id);

/** Below this, intervals are so wide that only large differences show. */
const few = 6;

export function doubtsOf(of: Estimates, verdicts: readonly Verdict[]): Message[] {
  const all = [
    ...verdicts.filter(isDoubt).map(({ text }) => text),
    ...weaknessesTold(verdicts).map(asDoubt),
    ...fewRounds(of),
    ...[withoutEmulator(of) ?? []].flat(),
    ...openBalance(of),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].sort(
    (a, b) => place(a) - place(b),
  );
}

/** By how much the host's accounts and the instances' differ, where that is worth a warning: of all targets the most. */
function openBalance(of: Estimates): Message[] {
  const open = totalsOf(of)
    .filter(isOutOfBalance)
    .map(({ residualBytes }) => Math.abs(residualBytes.median()!));
  return open.length > 0 ? [tell('answer.doubt.books', { residual: { bytes: Math.max(...open) } })] : [];
}

/** Told where it matters: where a row is not sure. That there was but one round is said where its figures are. */
function fewRounds(of: Estimates): Message[] {
  const { sides } = answered(of);
  const rounds = Math.min(...sides.flatMap(({ groups }) => groups.map(({ trials }) => trials.length)));
  const areSure = (['memory', 'start-up'] as const).every((row) => isSure(of, row));
  return rounds > 1 && rounds < few && !areSure && sides.length > 1
    ? [tell('answer.doubt.few', { n: rounds })]
    : [];
}
