import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../../support/fakes/fakePage';
import type { RunSummary } from '../../../../../main/contract/run/run';
import {
  nextSorting,
  sortedRuns,
  trendPoints,
  trendsOf,
  usualSorting,
  type SortKey,
} from '../../../../../renderer/pages/history/history';
import { measuredTitle } from '../../../../../renderer/pages/history/titles';

const line = (id: string, change: Partial<RunSummary> = {}): RunSummary => ({
  ...{ id, startedAt: '', state: 'done', name: 'quick', workloads: ['web'], images: ['web'] },
  ...{ targets: ['container', 'vm:direct'], trials: 6, emulated: [], readyMs: {} },
  ...change,
});
const measured = (id: string, ratio: number, change: Partial<RunSummary> = {}): RunSummary =>
  line(id, {
    series: 's',
    answer: {
      memory: { target: 'container', value: 1, against: { target: 'vm:direct', value: ratio, ratio } },
    },
    ...change,
  });
const ids = (runs: RunSummary[]) => runs.map(({ id }) => id);

describe('the rows of the history', () => {
  it('begin with the newest, and with those that are pinned before all others', () => {
    const runs = [line('1', { label: { pinned: true } }), line('3'), line('2')];
    expect(ids(sortedRuns(runs, usualSorting, measuredTitle))).toEqual(['1', '3', '2']);
  });

  it('are ordered by a figure, and those without one stand last in either order', () => {
    const runs = [measured('1', 5), line('2'), measured('3', 20)];
    const by = (descending: boolean) => ids(sortedRuns(runs, { by: 'memory', descending }, measuredTitle));
    expect(by(true)).toEqual(['3', '1', '2']);
    expect(by(false)).toEqual(['1', '3', '2']);
  });

  it('are all kept, whatever the order', () => {
    const keys: SortKey[] = ['title', 'started', 'trials', 'memory', 'startUp'];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(99)),
        fc.constantFrom(...keys),
        fc.boolean(),
        (numbers, by, descending) => {
          const runs = numbers.map((n) => (n % 3 ? measured(String(n), n) : line(String(n))));
          expect(ids(sortedRuns(runs, { by, descending }, measuredTitle)).sort()).toEqual(ids(runs).sort());
        },
      ),
    );
  });

  it('turn around when their column is asked for again', () => {
    const first = nextSorting(usualSorting, 'memory');
    expect(first).toEqual({ by: 'memory', descending: true });
    expect(nextSorting(first, 'memory')).toEqual({ by: 'memory', descending: false });
    expect(nextSorting(first, 'title')).toEqual({ by: 'title', descending: false });
  });
});

describe('a trend', () => {
  it('is that of three runs and more that measured the same and ended well', () => {
    const three = [measured('3', 30), measured('1', 10), measured('2', 20)];
    expect(trendsOf(three, 'memory').get('s')).toEqual({ runs: ['1', '2', '3'], ratios: [10, 20, 30] });
    expect(trendsOf(three.slice(1), 'memory').size).toBe(0);
    expect(trendsOf([...three.slice(1), measured('4', 1, { state: 'failed' })], 'memory').size).toBe(0);
    expect(trendsOf([...three.slice(1), measured('4', 1, { series: 'other' })], 'memory').size).toBe(0);
    expect(trendsOf(three, 'startUp').size).toBe(0);
  });

  it('is drawn within its room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 3 }), (ratios) => {
        for (const { x, y } of trendPoints({ runs: [], ratios }, 56, 16)) {
          expect(x >= 0 && x <= 56 + 1e-9).toBe(true);
          expect(y >= 0 && y <= 16).toBe(true);
        }
      }),
    );
  });
});

describe('a run’s title', () => {
  it('is what a person wrote, else what was measured, else the plan', () => {
    expect(measuredTitle(line('1', { label: { name: 'before' } }))).toBe('before');
    expect(measuredTitle(line('1', { workloads: ['nginx'], images: ['nginx:1.27'] }))).toBe('nginx:1.27');
    expect(measuredTitle(line('1', { workloads: ['web', 'api'], images: ['web', 'a/api:2'] }))).toBe(
      'web and api',
    );
    expect(measuredTitle(line('1', { workloads: ['a', 'b', 'c', 'd', 'e'], images: [] }))).toBe(
      'a, b, and c + 2',
    );
    expect(measuredTitle(line('1', { name: 'mine', workloads: [] }))).toBe('mine');
  });
});
