import { describe, expect, test } from 'vitest';
import { makeReport } from '../../../../main/engine/report/report';
import { median } from '../../../../main/engine/statistics/summary';
import { fakeReportedRun, fakeRun, fakeSamples } from '../../../support/fakeRun';
import { chartOf, rowsOf } from '../../../support/reports';

describe('the charts', () => {
  const run = fakeReportedRun({ preset: 'three-apps' });

  test('have every measurement, its interval and the reservation', () => {
    const bars = chartOf(run.report, 'memory', 'bars');
    expect(bars.bars).toHaveLength(6);
    for (const bar of bars.bars) {
      expect(bar.points).toHaveLength(3);
      expect(bar.interval).toBeDefined();
      expect(bar.values).toHaveLength(bars.series.length);
      const whole = bar.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
      expect(whole).toBeCloseTo(median(bar.points!), 3);
    }
    expect(bars.bars.map(({ outline }) => outline! / 1024 ** 3)).toEqual([2, 2, 1, 1, 4, 4]);
    expect(chartOf(run.report, 'totals', 'bars').bars.map(({ outline }) => outline! / 1024 ** 3)).toEqual([
      7, 7,
    ]);
  });

  test('say n in their note', () => {
    for (const { note } of run.report.charts) expect(note.facts.n).toMatch(/^[13]$/);
  });

  test('draw the waterfall without a gap, up to ready', () => {
    for (const [at, row] of chartOf(run.report, 'phases', 'spans').rows.entries()) {
      expect(row.spans[0]!.fromMs).toBe(0);
      row.spans.slice(1).forEach((span, before) => expect(span.fromMs).toBe(row.spans[before]!.toMs));
      expect(row.spans.at(-1)).toMatchObject({
        phase: 'ready',
        toMs: rowsOf(run.report, 'start-up')[at]!.readyMs,
      });
    }
  });

  test('thin long lines to at most 400 of their own points', () => {
    const long = fakeRun({ plan: { trials: 1, soakMs: 600_000, samplePeriodMs: 100 } });
    const samples = fakeSamples(long);
    const taken = new Set(
      samples.flatMap((sample) => (sample.kind === 'instance' ? (sample.residentBytes ?? []) : [])),
    );
    const lines = chartOf(makeReport(long, samples), 'memory-over-time', 'lines').lines;
    expect(lines.map(({ points }) => points.length)).toEqual([400, 400]);
    for (const { points } of lines) {
      expect(points.every(({ y }) => taken.has(y))).toBe(true);
      expect(points.every(({ xMs }, at) => at === 0 || xMs > points[at - 1]!.xMs)).toBe(true);
    }
  });

  test('are left out where there is nothing to draw', () => {
    expect(makeReport(fakeRun(), []).charts.map(({ id }) => id)).not.toContain('memory-over-time');
  });
});
