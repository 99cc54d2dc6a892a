import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextSorting, sortedRows } from '../../../../../renderer/parts/table/sorting';

const value = fc.oneof(fc.double({ noNaN: true }), fc.constant(null));
const rowsOf = (values: (number | null)[]) => values.map((one, at) => [{ value: at }, { value: one }]);

it('orders by the figures, keeps every row, and puts what could not be read last in either order', () => {
  fc.assert(
    fc.property(
      fc.array(value),
      fc.constantFrom('ascending' as const, 'descending' as const),
      (values, direction) => {
        const rows = rowsOf(values);
        const sorted = sortedRows(rows, { at: 1, direction });
        expect(new Set(sorted)).toEqual(new Set(rows));
        const found = sorted.map((row) => row[1]!.value as number | null);
        const figures = found.filter((one) => one !== null);
        expect(found.slice(0, figures.length)).toEqual(figures);
        const turn = direction === 'ascending' ? 1 : -1;
        for (const [at, figure] of figures.slice(1).entries())
          expect((figure - figures[at]!) * turn >= 0).toBe(true);
      },
    ),
  );
});

it('sorts, turns around, and lets the table be as it was; another column begins anew', () => {
  const first = nextSorting(undefined, 2);
  const second = nextSorting(first, 2);
  expect(first).toEqual({ at: 2, direction: 'ascending' });
  expect(second).toEqual({ at: 2, direction: 'descending' });
  expect(nextSorting(second, 2)).toBeUndefined();
  expect(nextSorting(second, 0)).toEqual({ at: 0, direction: 'ascending' });
});
