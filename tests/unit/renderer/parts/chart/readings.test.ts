import fc from 'fast-check';
import { expect, it } from 'vitest';
import { portionOf, portionSize } from '../../../../../renderer/parts/chart/readings';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

it('shows every reading exactly once, and never more than a page can hold', () => {
  fc.assert(
    fc.property(fc.nat(1500), (count) => {
      const all = numbers(count);
      const { of } = portionOf(all, 0);
      const shown = numbers(of).map((at) => portionOf(all, at));
      expect(shown.flatMap(({ rows }) => rows)).toEqual(all);
      for (const { rows, from } of shown) {
        expect(rows.length).toBeLessThanOrEqual(portionSize);
        expect(rows[0] ?? 0).toBe(from);
      }
    }),
  );
});

it('shows the nearest portion where the one asked for does not exist', () => {
  expect(portionOf(numbers(100_000), 9999)).toMatchObject({ from: 99_800, at: 499, of: 500 });
  expect(portionOf(numbers(3), -1)).toEqual({ rows: [0, 1, 2], from: 0, at: 0, of: 1 });
  expect(portionOf([], 4)).toEqual({ rows: [], from: 0, at: 0, of: 1 });
});
