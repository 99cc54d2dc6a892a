/** An axis of ratios: logarithmic, so that twice as much and half as much are equally far from “no difference”, which is always on it. */
import type { Locale } from '../../contract/appearance';

export interface LogAxis {
  low: number;
  high: number;
  /** 0 at the left end, 1 at the right; what lies beyond an end is at it */
  at: (ratio: number) => number;
}

/** However small the differences are, the axis reaches at least this far from 1: a trifle must not look like a landslide. */
const leastReach = 1.25;
/** Intervals that go on further than this beyond all ratios run out of the picture: one uncertain row does not press the others together. */
const mostBeyond = 4;
const air = 1.04;

/** What an axis has to hold. */
interface Held {
  ratio: number;
  interval?: { low: number; high: number } | undefined;
}

export function logAxisFor(all: readonly Held[]): LogAxis {
  const [least, most] = all.reduce<[number, number]>(
    ([low, high], { ratio }) => [Math.min(low, ratio), Math.max(high, ratio)],
    [1, 1],
  );
  let [low, high] = [least, most];
  for (const { interval } of all) {
    if (!interval) continue;
    low = Math.min(low, Math.max(interval.low, least / mostBeyond));
    high = Math.max(high, Math.min(interval.high, most * mostBeyond));
  }
  [low, high] = [Math.min(low / air, 1 / leastReach), Math.max(high * air, leastReach)];
  // on the side where nothing lies, a little room is enough
  if (least === 1 && low >= 1 / leastReach) low = Math.max(low, 1 / (1 + (high - 1) * 0.1));
  if (most === 1 && high <= leastReach) high = Math.min(high, 1 + (1 / low - 1) * 0.1);
  const reach = Math.log(high / low);
  return { low, high, at: (ratio) => Math.min(1, Math.max(0, Math.log(ratio / low) / reach)) };
}

/** Round ratios within a factor of ten, those that are named first before others. */
const mantissas = [[1], [2, 5], [3, 7], [1.5, 4], [1.2, 8], [1.1, 9], [6], [1.05, 9.5], [1.02, 9.8]];

/**
 * The roundest ratios on the axis, as many as have room.
 * @param room  how far apart two have to be, as a share of the axis
 */
export function logTicks({ low, high, at }: LogAxis, room: number): number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) powers.push(power);
  const found: number[] = [];
  for (const some of [[1], ...mantissas.map((each) => powers.flatMap((power) => scaled(each, power)))])
    for (const ratio of some) {
      const isOn = ratio >= low && ratio <= high;
      if (isOn && found.every((one) => Math.abs(at(one) - at(ratio)) >= room)) found.push(ratio);
    }
  return found.sort((a, b) => a - b);
}

const scaled = (each: readonly number[], power: number): number[] =>
  each.map((mantissa) => Number(`${mantissa}e${power}`));

export const tickWords = (locale: Locale, ratio: number): string =>
  ratio.toLocaleString(locale, { maximumSignificantDigits: 3 });
