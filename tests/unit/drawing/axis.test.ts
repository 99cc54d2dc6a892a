import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import type { Unit } from '../../../main/contract/report/report';
import { axisFor, axisWithin, titleOf } from '../../../main/drawing/axis';

const MiB = 2 ** 20;
const anyUnit = fc.constantFrom<Unit>('ms', 'bytes', 'count', 'times', 'percent');

it('has few round steps from 0 to its end, covers what it must, and shows one unit', () => {
  fc.assert(
    fc.property(
      anyUnit,
      fc.double({ min: 1e-3, max: 1e14, noNaN: true }),
      fc.integer({ min: 2, max: 10 }),
      (unit, high, most) => {
        const { ticks, min, max, step } = axisFor(unit, 0, high, 'en', most);
        expect(min).toBe(0);
        expect(max).toBeGreaterThanOrEqual(high * 0.998);
        expect(max - step).toBeLessThan(high);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(most + 2);
        expect(ticks[0]).toEqual({ at: 0, words: '0' });
        expect(ticks.at(-1)!.at).toBeCloseTo(max, 6);
        expect(new Set(ticks.map(({ words }) => words)).size).toBe(ticks.length);
      },
    ),
  );
});

it('steps through bytes in whole binary units and through time in one unit', () => {
  const bytes = axisFor('bytes', 0, 140 * MiB, 'en');
  expect(bytes.ticks.slice(0, 3).map(({ at }) => bytes.show(at))).toEqual(['0', '32 MiB', '64 MiB']);
  const time = axisFor('ms', 0, 14_000, 'en');
  expect(time.ticks.slice(1, 3).map(({ at }) => time.show(at))).toEqual(['2.5 s', '5 s']);
});

it('goes below zero where something is', () => {
  const { min, ticks } = axisFor('bytes', -5 * MiB, 40 * MiB, 'en');
  expect(min).toBeLessThanOrEqual(-5 * MiB);
  expect(ticks[0]!.at).toBe(min);
  expect(ticks.map(({ at }) => at)).toContain(0);
});

test.each([
  { unit: 'ms' as const, max: 600, title: 'x (ms)' },
  { unit: 'ms' as const, max: 2600, title: 'x (s)' },
  { unit: 'ms' as const, max: 150_000, title: 'x (min:s)' },
  { unit: 'ms' as const, max: 26_000, title: 'x (s)' },
  { unit: 'bytes' as const, max: 391 * MiB, title: 'x (MiB)' },
  { unit: 'bytes' as const, max: 7 * 1024 * MiB, title: 'x (GiB)' },
  { unit: 'bytes' as const, max: 700 * 1024, title: 'x (KiB)' },
  { unit: 'count' as const, max: 7, title: 'x' },
])('one up to $max $unit is titled $title', ({ unit, max, title }) => {
  expect(titleOf(axisFor(unit, 0, max, 'en'), 'x', 'en')).toBe(title);
});

it('tells minutes as clocks do, at round steps', () => {
  expect(axisFor('ms', 0, 170_000, 'en').ticks.map(({ words }) => words)).toEqual([
    ...['0', '0:30', '1:00', '1:30'],
    ...['2:00', '2:30', '3:00'],
  ]);
});

it('shows a part of an axis with the round steps that lie in it', () => {
  const { min, max, ticks } = axisWithin('ms', 12_300, 14_900, 'en');
  expect([min, max]).toEqual([12_300, 14_900]);
  expect(ticks.length).toBeGreaterThan(2);
  for (const { at } of ticks) expect(at >= min && at <= max).toBe(true);
});
