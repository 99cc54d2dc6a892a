import { describe, expect, it } from 'vitest';
import { addressOf, parseRoute, type Route } from '../../../../renderer/state/route';

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
