import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { logCentre } from '../../../../../main/engine/results/statistics/contrast';
import { fakeReportedRun, fakeRun, fakeSamples } from '../../../../support/fakes/fakeRun';
import { chartOf, rowsOf } from '../../../../support/fakes/reports';

const MiB = 1024 ** 2;

describe('what takes the memory, time and disk of a run', () => {
  test('has one chart each, memory first', () => {
    expect(fakeReportedRun().report.charts.map(({ id }) => id)).toEqual([
      'memory',
      'start-up',
      'phases',
      'memory-over-time',
      'disk',
    ]);
    const together = fakeReportedRun({ preset: 'three-apps' }).report;
    expect(together.charts.map(({ id }) => id)).toContain('totals');
  });

  test('the disk of VMs has the kernel that they share, as a segment of its own', () => {
    const { report } = fakeReportedRun({
      change: ({ target, disk }) => {
        if (target === 'vm:direct') disk.kernelBytes = 57 * MiB;
      },
    });
    const disk = chartOf(report, 'disk', 'bars');
    expect(disk.series).toMatchObject([{ id: 'kept' }, { id: 'kernel', shared: true }]);
    expect(disk.series[0]).not.toHaveProperty('shared');
    expect(disk.bars.map(({ values }) => values)).toEqual([
      [2_271_040 + 4096, null],
      [1_413_120, 57 * MiB],
    ]);
    expect(chartOf(fakeReportedRun().report, 'disk', 'bars').series).toHaveLength(1);
  });
});

describe('what is emulated', () => {
  const emulatedIn = (accelerator: 'tcg' | 'kvm', id: string) => {
    const chart = fakeReportedRun({ accelerator }).report.charts.find((one) => one.id === id)!;
    const parts = chart.kind === 'bars' ? chart.bars : chart.kind === 'lines' ? chart.lines : chart.rows;
    return parts.filter((part) => part.emulated).map(({ target }) => target);
  };

  test.each(['start-up', 'phases', 'memory-over-time'])('is marked in the times of %s', (id) => {
    expect(emulatedIn('tcg', id)).toEqual(['vm:direct']);
    expect(emulatedIn('kvm', id)).toEqual([]);
  });

  test.each(['memory', 'disk'])('is not marked in %s, which is not a time', (id) => {
    expect(emulatedIn('tcg', id)).toEqual([]);
  });

  test('stands on no chart as a warning, since it is told once', () => {
    expect(fakeReportedRun().report.charts.some(({ caution }) => caution)).toBe(false);
  });
});

describe('the charts', () => {
  const run = fakeReportedRun({ preset: 'three-apps' });

  test('have every measurement, its interval and the reservation', () => {
    const bars = chartOf(run.report, 'memory', 'bars');
    expect(bars.bars).toHaveLength(6);
    for (const bar of bars.bars) {
      expect(bar.points).toHaveLength(3);
      expect(bar.interval === undefined).toBe(bar.target === 'container'); // that others are held against
      expect(bar.values).toHaveLength(bars.series.length);
      const whole = bar.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
      expect(whole / logCentre(bar.points!)).toBeCloseTo(1, 9);
    }
    expect(bars.bars.map(({ outline }) => outline! / 1024 ** 3)).toEqual([2, 2, 1, 1, 4, 4]);
    expect(chartOf(run.report, 'totals', 'bars').bars.map(({ outline }) => outline! / 1024 ** 3)).toEqual([
      7, 7,
    ]);
  });

  test('say n in their note', () => {
    for (const { note } of run.report.charts) expect(note.facts.n).toMatch(/^[13]$/);
  });

  test('of single trials speak neither of medians nor of whiskers, which there are none of', () => {
    const single = fakeReportedRun({ preset: 'three-apps', plan: { trials: 1 } });
    for (const chart of single.report.charts)
      for (const locale of locales)
        expect(say(locale, chart.note), chart.id).not.toMatch(
          /median |whisker|n = 1 trials|误差线|为 n = 1 次试验的中位数/,
        );
  });

  test('have the memory of all containers and of all VMs where several are up at once, and only there', () => {
    const chart = chartOf(run.report, 'memory-together', 'lines');
    expect(chart.filled).toBe(true);
    expect(chart.lines.map(({ target }) => target)).toEqual(['container', 'vm:direct']);
    const [containers, vms] = chart.lines.map(({ points }) => Math.max(...points.map(({ y }) => y)));
    expect(vms).toBeGreaterThan(containers!);
    const alone = fakeReportedRun().report.charts.map(({ id }) => id);
    expect(alone).not.toContain('memory-together');
  });

  test('draw the waterfall without a gap, up to ready', () => {
    for (const [at, row] of chartOf(run.report, 'phases', 'spans').rows.entries()) {
      expect(row.spans[0]!.fromMs).toBe(0);
      row.spans.slice(1).forEach((span, before) => {
        expect(span.fromMs).toBe(row.spans[before]!.toMs);
        expect(span.stretch).not.toBe(row.spans[before]!.stretch); // what belongs together is one span
      });
      expect(row.spans.at(-1)!.phase).toBe('ready');
      expect(row.spans.at(-1)!.toMs).toBeCloseTo(
        Number(rowsOf(run.report, 'ratios-readyMs')[at]!.readyMs),
        6,
      );
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
      expect(points.every(({ y }) => y === 0 || taken.has(y))).toBe(true); // 0 before there is a process
      expect(points.every(({ xMs }, at) => at === 0 || xMs > points[at - 1]!.xMs)).toBe(true);
    }
  });

  test('memory over time begins at the first call, without a process, and ends with the soak', () => {
    const run = fakeRun();
    const { lines } = chartOf(makeReport(run, fakeSamples(run)), 'memory-over-time', 'lines');
    for (const { target, points } of lines) {
      expect(points[0]).toEqual({ xMs: 0, y: 0 });
      expect(points.every(({ xMs }, at) => at === 0 || xMs > points[at - 1]!.xMs)).toBe(true);
      const longest = Math.max(
        ...run.trials
          .filter((trial) => trial.target === target)
          .map(({ phases }) => phases.find(({ name }) => name === 'stopping')!.atMs),
      );
      expect(points.at(-1)!.xMs).toBeLessThanOrEqual(longest);
    }
  });

  test('are left out where there is nothing to draw', () => {
    expect(makeReport(fakeRun(), []).charts.map(({ id }) => id)).not.toContain('memory-over-time');
  });
});

test('a box is drawn around the middle half of the starts, where there are enough for one', () => {
  const many = fakeReportedRun({ plan: { trials: 9 } });
  for (const { points, quartiles } of chartOf(many.report, 'start-up', 'bars').bars) {
    const sorted = [...points!].sort((a, b) => a - b);
    expect(quartiles).toEqual({ low: sorted[2], high: sorted[6] });
  }
  const few = chartOf(fakeReportedRun({ plan: { trials: 4 } }).report, 'start-up', 'bars');
  expect(few.bars.map(({ quartiles }) => quartiles)).toEqual([undefined, undefined]);
});
