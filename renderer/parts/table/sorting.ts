import type { Cell, Table } from '../../../main/contract/report/report';

/** The column that a table's rows stand in the order of. */
export interface Sorting {
  at: number;
  direction: 'ascending' | 'descending';
}

/** What a click on a column's title does: it sorts, turns the order around, and lets the table be as it was. */
export const nextSorting = (now: Sorting | undefined, at: number): Sorting | undefined =>
  now?.at !== at
    ? { at, direction: 'ascending' }
    : now.direction === 'ascending'
      ? { at, direction: 'descending' }
      : undefined;

/** By the values, not by their words; what could not be read stands last in either order. */
export function sortedRows(rows: Table['rows'], sorting: Sorting | undefined): Table['rows'] {
  if (!sorting) return rows;
  const { at, direction } = sorting;
  const turn = direction === 'ascending' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a[at]!.value, b[at]!.value];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return turn * compared(left, right);
  });
}

const compared = (a: NonNullable<Cell['value']>, b: NonNullable<Cell['value']>): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
