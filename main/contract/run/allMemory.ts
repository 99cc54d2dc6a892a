/** Memory of all instances together over the time of a run, for the live page and for the report. */
import { pairKeyOf } from '../planning';
import { kindOf } from '../targets';
import type { Sample } from './run';

/** What instances are told apart by: those that share this computer's kernel, and those that boot one of their own. */
export const sides = ['shared-kernel', 'vm'] as const;
export type Side = (typeof sides)[number];
export const sideOf = (target: string): Side => (kindOf(target) === 'vm' ? 'vm' : 'shared-kernel');

/** Everything at one time, or the extremes of a stretch of time where there is no room for each. */
export interface Reading {
  /** since measuring began; of a stretch its end */
  atMs: number;
  /** of all instances, the most; undefined where one of them could not be read: a sum without it would be too small */
  bytes: Record<Side, number | undefined>;
  /** that the host could give, the least */
  availableBytes: number | undefined;
}

/**
 * Memory of all instances over the time of a run, as samples tell it. Never more than `most` readings are kept: when they fill up, each
 * two become one with the larger figures. A peak is never lost, and ten hours take as much memory and drawing as ten minutes.
 */
export class AllMemory {
  readonly readings: Reading[] = [];
  /** share of all CPUs in use, 0 to 1 */
  load: number | undefined;
  availableBytes: number | undefined;
  /** the most that all instances had together at any time */
  mostBytes = 0;
  /** how many readings one that is kept stands for, and how many are in the last */
  #stride = 1;
  #held = 1;
  /** not complete before the next one begins */
  #next: Reading | undefined;

  constructor(readonly most = 400) {}

  /** A host's sample begins a reading, and those of the instances follow it. */
  take(sample: Sample): void {
    if (sample.kind === 'instance') return this.#add(sample.trial, sample.residentBytes);
    if (this.#next) this.#keep(this.#next);
    const { atMs, availableBytes, load } = sample;
    this.#next = { atMs, availableBytes, bytes: { 'shared-kernel': 0, vm: 0 } };
    this.load = load ?? this.load;
    this.availableBytes = availableBytes ?? this.availableBytes;
  }

  #add(trial: string, bytes: number | undefined): void {
    const key = pairKeyOf(trial);
    const side = sideOf(key.slice(key.lastIndexOf('/') + 1));
    const sums = this.#next?.bytes;
    if (sums) sums[side] = plus(sums[side], bytes);
  }

  #keep(reading: Reading): void {
    this.mostBytes = Math.max(
      this.mostBytes,
      (reading.bytes['shared-kernel'] ?? 0) + (reading.bytes.vm ?? 0),
    );
    const last = this.readings.at(-1);
    if (last && this.#held < this.#stride) {
      this.#held += 1;
      this.readings[this.readings.length - 1] = extremes(last, reading);
      return;
    }
    this.#held = 1;
    this.readings.push(reading);
    if (this.readings.length >= this.most) this.#halve();
  }

  #halve(): void {
    const { readings } = this;
    const halved = readings.flatMap((reading, at) => {
      const next = readings[at + 1];
      return at % 2 === 1 ? [] : [next ? extremes(reading, next) : reading];
    });
    readings.splice(0, readings.length, ...halved);
    this.#stride *= 2;
    this.#held = this.#stride;
  }
}

const plus = (sum: number | undefined, more: number | undefined): number | undefined =>
  sum === undefined || more === undefined ? undefined : sum + more;

const pick = (of: typeof Math.max, a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : of(a, b);

const extremes = (a: Reading, b: Reading): Reading => ({
  atMs: b.atMs,
  availableBytes: pick(Math.min, a.availableBytes, b.availableBytes),
  bytes: {
    'shared-kernel': pick(Math.max, a.bytes['shared-kernel'], b.bytes['shared-kernel']),
    vm: pick(Math.max, a.bytes.vm, b.bytes.vm),
  },
});
