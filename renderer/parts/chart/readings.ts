/** How many rows a page can hold and still scroll without a hitch. */
export const portionSize = 200;

/** A stretch of a long list. */
export interface Portion<T> {
  rows: readonly T[];
  /** position of the first row in the whole list, from 0 */
  from: number;
  /** which stretch it is, from 0, and of how many */
  at: number;
  of: number;
}

/**
 * The stretch that is asked for, or the nearest one there is: a list may have become shorter meanwhile.
 * @param wanted  from 0
 */
export function portionOf<T>(all: readonly T[], wanted: number): Portion<T> {
  const of = Math.max(1, Math.ceil(all.length / portionSize));
  const at = Math.min(Math.max(0, wanted), of - 1);
  const from = at * portionSize;
  return { rows: all.slice(from, from + portionSize), from, at, of };
}
