import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, parseRoute, type Route } from '../../../../renderer/state/route';
import { Series } from '../../../../renderer/state/series';

describe('addresses', () => {
  it('lead back to the place they were made from', () => {
    for (const route of [
      { page: 'compare' },
      { page: 'history' },
      { page: 'images' },
      { page: 'live', run: '20261123-160000-cccc' },
      { page: 'report', run: 'a/b c' },
      { page: 'comparison', runs: ['20261123-160000-cccc', 'a/b', 'c'] },
    ] satisfies Route[])
      expect(parseRoute(addressOf(route))).toEqual(route);
  });

  it('that are mistyped name what is typed', () => {
    expect(parseRoute('#/report/100%')).toEqual({ page: 'report', run: '100%' });
  });

  it('lead to the start page where they name nothing', () => {
    for (const hash of ['', '#', '#/', '#token=x'])
      expect(parseRoute(hash), hash).toEqual({ page: 'compare' });
  });

  it('lead to a page that says so where they make no sense', () => {
    for (const hash of ['#/report', '#/comparison/only-one', '#/nothing/here', '#/nonsense'])
      expect(parseRoute(hash), hash).toEqual({ page: 'missing' });
  });
});

describe('a live line', () => {
  it('stays small and never loses its peak or its time order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 3000 }),
        (values) => {
          const series = new Series(64);
          values.forEach((y, index) => series.push({ xMs: index, y }));
          expect(series.points.length).toBeLessThanOrEqual(64);
          expect(Math.max(...series.points.map(({ y }) => y))).toBe(Math.max(...values));
          const times = series.points.map(({ xMs }) => xMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('keeps interruptions, and begins none', () => {
    const series = new Series(8);
    series.interrupt();
    for (let index = 0; index < 6; index += 1) series.push({ xMs: index, y: 1 });
    series.interrupt();
    series.interrupt();
    for (let index = 6; index < 12; index += 1) series.push({ xMs: index, y: 2 });
    expect(series.points.filter(({ y }) => Number.isNaN(y))).toHaveLength(1);
    expect(Number.isNaN(series.points[0]!.y)).toBe(false);
  });
});
