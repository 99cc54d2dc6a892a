import { describe, expect, it } from 'vitest';
import { isWithinBounds } from '../../../../main/contract/run/bounds';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

describe('what may come from outside', () => {
  it.each([
    ['a record of Tare’s own', fakeReportedRun({ preset: 'three-apps' })],
    ['nothing', undefined],
    [
      'a counter of the kernel that says that there is no limit',
      { files: 9_223_372_036_854_775_807n.toString().length, most: 9.223372036854776e18 },
    ],
    ['a long text', 'x'.repeat(1_000_000)],
    ['forty levels', nested(40)],
  ])('%s', (_, value) => expect(isWithinBounds(value)).toBe(true));

  it.each([
    ['a figure that no counter has', { a: [-1e308] }],
    ['none at all', [Number.POSITIVE_INFINITY]],
    ['a longer text', { a: 'x'.repeat(1_000_001) }],
    ['a longer name', { ['x'.repeat(1001)]: 1 }],
    ['more entries than a list may have', new Array(1_000_001).fill(0)],
    ['more levels', nested(41)],
    ['so many levels that no function could call itself for each', nested(100_000)],
  ])('but not %s', (_, value) => expect(isWithinBounds(value)).toBe(false));
});
