import { expect, test } from 'vitest';
import type { HistorySeries } from '../../../../../main/contract/report/series';
import { plotOf } from '../../../../../renderer/pages/history/overTime';

const series = (medians: number[], more: Partial<HistorySeries> = {}): HistorySeries => ({
  plan: { id: 'x', name: 'quick' },
  workload: 'web',
  target: 'container',
  metric: 'readyMs',
  points: medians.map((median, at) => ({
    run: `2026010${at}-120000-00ff`,
    startedAt: '2026-01-01T12:00:00.000Z',
    median,
    n: 3,
  })),
  changes: [],
  steps: [],
  ...more,
});
const size = { width: 100, height: 50 };

test('runs stand apart equally, from an axis that begins at 0', () => {
  const { dots, axis, yOf } = plotOf(series([100, 200, 100, 100]), size, 'en');
  expect(dots.map(({ x }) => x)).toEqual([12.5, 37.5, 62.5, 87.5]);
  expect([yOf(0), axis.max]).toEqual([50, 200]);
  expect(dots.map(({ y }) => y)).toEqual([25, 0, 25, 25]);
});

test('a line ends where the machine changes, and a wall stands between; a step stands before its first run', () => {
  const step = { at: 3, before: 1, after: 1, ratio: 0.5, p: 0 };
  const change = { at: 2, what: [] };
  const plot = plotOf(series([100, 100, 200, 100], { changes: [change], steps: [step] }), size, 'en');
  expect(plot.lines).toEqual(['12.5,25.0 37.5,25.0', '62.5,0.0 87.5,25.0']);
  expect(plot.walls).toEqual([50]);
  expect(plot.steps).toEqual([{ x: 75, worse: false }]);
});
