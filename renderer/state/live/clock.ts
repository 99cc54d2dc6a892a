import type { Experience } from '../../../main/contract/planning';
import { kindOf, withoutRepeat, type TargetId } from '../../../main/contract/targets';
import { growingStretch, type Lane } from './run';

/** The axes of the live page: they begin at what can be expected, grow seldom, and never shrink. */

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ seconds, with a little air. */
export function pleasantEndMs(ms: number): number {
  const decade = 10 ** Math.floor(Math.log10(ms));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15].find((step) => step * decade >= ms * 1.04) ?? 20) * decade;
}

/** An end that holds what is needed: as it was while it does, else with as much room again by half, so that it is not moved often. */
export const grownEndMs = (endMs: number, neededMs: number): number =>
  neededMs <= endMs ? endMs : pleasantEndMs(neededMs * 1.5);

const second = 1000;

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400];

/** Round instants from 0 to the end: at most `most` and one. */
export function ticksOf(endMs: number, most: number): number[] {
  const fine = [10, 20, 50, 100, 200, 500];
  const all = [...fine, ...steps.map((one) => one * second)];
  const step = all.find((one) => endMs / one <= most) ?? all.at(-1)! * Math.ceil(endMs / most / all.at(-1)!);
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, at) => at * step);
}

/** `0:38`, `12:05`, `1:02:05` */
export function minutesAndSeconds(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / second));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** An instant on an axis that ends there: minutes and seconds, but for an axis that is too short for them. */
export const tickWords = (atMs: number, endMs: number): string =>
  endMs < 5 * second ? `${atMs / second} s` : minutesAndSeconds(atMs);

/** Until it is known what a start takes: a VM may be emulated. */
const usualMs = { vm: 15 * second, other: 2 * second };

/**
 * The end of the start-ups' axis before anything has started.
 * @param experience  what a start took in earlier runs
 */
export function firstEndMs(
  targets: readonly TargetId[],
  { instanceMs }: Pick<Experience, 'instanceMs'>,
): number {
  const expected = targets.map(
    (target) => instanceMs[withoutRepeat(target)] ?? usualMs[kindOf(target) === 'vm' ? 'vm' : 'other'],
  );
  return pleasantEndMs(1.2 * Math.max(250, ...expected));
}

/** The longest start-up of any lane, the one under way too. */
export const longestStartMs = (lanes: readonly Lane[], nowMs: number): number =>
  Math.max(
    0,
    ...lanes.flatMap((lane) => [
      ...lane.readyMs,
      growingStretch(lane, nowMs)?.toMs ?? lane.trial?.phases.find(({ name }) => name === 'ready')?.atMs ?? 0,
    ]),
  );
