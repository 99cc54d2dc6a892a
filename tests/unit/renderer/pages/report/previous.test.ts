import { expect, it } from 'vitest';
import type { HistorySeries } from '../../../../../main/contract/report/series';
import { previousOf } from '../../../../../renderer/pages/report/previous';

const ids = ['20251101-000000-aaaa', '20251102-000000-bbbb', '20251103-000000-cccc', '20251104-000000-dddd'];
const series = (plan: string, metric: HistorySeries['metric'], runs: number[]): HistorySeries => ({
  plan: { id: plan, name: plan },
  workload: 'web',
  target: 'container',
  metric,
  points: runs.map((at) => ({ run: ids[at]!, startedAt: '2025-11-01T00:00:00Z', median: 1, n: 3 })),
  changes: [],
  steps: [],
});

it('is the last run before this one that measured the same plan, whatever both could read', () => {
  const kept = [
    series('a', 'readyMs', [0, 3]),
    series('a', 'hostBytes', [0, 1, 3]),
    series('b', 'readyMs', [2]),
  ];
  expect(previousOf(kept, ids[3]!)).toBe(ids[1]);
  expect(previousOf(kept, ids[1]!)).toBe(ids[0]);
});

it('is none for the first of its plan, and for a run that is in no series', () => {
  const kept = [series('a', 'readyMs', [0, 1]), series('b', 'readyMs', [2, 3])];
  expect(previousOf(kept, ids[0]!)).toBeUndefined();
  expect(previousOf(kept, ids[2]!)).toBeUndefined();
  expect(previousOf(kept, '20251105-000000-eeee')).toBeUndefined();
});
