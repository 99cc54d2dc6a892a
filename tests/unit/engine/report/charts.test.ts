import { describe, expect, test } from 'vitest';
import { makeReport } from '../../../../main/engine/report/report';
import { median } from '../../../../main/engine/statistics/summary';
import { fakeReportedRun, fakeRun, fakeSamples, type FakeRunOptions } from '../../../support/fakes/fakeRun';
import { chartOf, read, rowsOf } from '../../../support/fakes/reports';

const MiB = 1024 ** 2;

describe('gross = net + tare', () => {
  const withFloor = (change?: FakeRunOptions['change']) =>
    fakeReportedRun({
      plan: { targets: ['process', 'container', 'vm:direct'] },
      change: (trial) => {
        if (trial.target === 'process') {
          delete trial.memory.reservedBytes;
          trial.memory.hostBytes = 2 * MiB + trial.index;
          trial.readyMs = 9;
        }
        change?.(trial);
      },
    }).report;

  test('comes first, for memory, time and disk', () => {
    expect(
      withFloor()
        .charts.slice(0, 3)
        .map(({ id }) => id),
    ).toEqual(['gross-memory', 'gross-time', 'gross-disk']);
  });

  test('draws every rung as the plain process and what comes on top of it, up to its own median', () => {
    const report = withFloor();
    for (const [id, source] of [
      ['gross-memory', 'memory'],
      ['gross-time', 'start-up'],
    ] as const) {
      const chart = chartOf(report, id, 'bars');
      expect(chart.note.key).toBe(`chart.${id}.note.process`);
      expect(chart.series.map((series) => series.id)).toEqual(['net', 'tare']);
      const [process, container, vm] = chart.bars;
      expect(process!.values[1]).toBe(0);
      expect([container!.values[0], vm!.values[0]]).toEqual([process!.values[0], process!.values[0]]);
      for (const bar of chart.bars)
        expect(bar.values[0]! + bar.values[1]!).toBeCloseTo(median(bar.points!), 6);
      const plain = chartOf(report, source, 'bars');
      expect(chart.bars.map(({ interval }) => interval)).toEqual(plain.bars.map(({ interval }) => interval));
    }
    expect(chartOf(report, 'gross-memory', 'bars').bars.map(({ outline }) => outline)).toEqual([
      undefined,
      512 * MiB,
      512 * MiB,
    ]);
  });

  test('takes the application’s own part of the container where no process was measured, and says so', () => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const memory = chartOf(run.report, 'gross-memory', 'bars');
    expect(memory.note.key).toBe('chart.gross-memory.note.container');
    const own = read(run.trials, 'worker', 'container', ({ memory: { parts } }) => parts[0]!.bytes);
    expect(memory.bars.slice(4).map(({ values }) => values[0])).toEqual([median(own), median(own)]);
    const time = chartOf(run.report, 'gross-time', 'bars');
    const ownStart = read(
      run.trials,
      'web',
      'container',
      ({ phases, readyMs }) => readyMs! - phases[2]!.atMs,
    );
    expect(time.bars[1]!.values[0]).toBeCloseTo(median(ownStart), 6);
  });

  test('shows a tare below 0 where a rung takes less than the net', () => {
    const report = withFloor((trial) => {
      if (trial.target === 'container') trial.memory.hostBytes = MiB;
    });
    const [process, container] = chartOf(report, 'gross-memory', 'bars').bars;
    const net = process!.values[0]!;
    expect(net).toBeGreaterThan(MiB);
    expect(container!.values).toEqual([net, MiB - net]);
  });

  test('is left out where there is no net', () => {
    const { charts } = fakeReportedRun({ plan: { targets: ['vm:direct', 'vm:micro'] } }).report;
    expect(charts.map(({ id }) => id)).not.toContain('gross-memory');
    expect(charts.map(({ id }) => id)).toContain('gross-disk'); // the image is the net, and it is known
  });
});

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

test('a box is drawn around the middle half of the starts, where there are enough for one', () => {
  const many = fakeReportedRun({ plan: { trials: 9 } });
  for (const { points, quartiles } of chartOf(many.report, 'start-up', 'bars').bars) {
    const sorted = [...points!].sort((a, b) => a - b);
    expect(quartiles).toEqual({ low: sorted[2], high: sorted[6] });
  }
  const few = chartOf(fakeReportedRun({ plan: { trials: 4 } }).report, 'start-up', 'bars');
  expect(few.bars.map(({ quartiles }) => quartiles)).toEqual([undefined, undefined]);
});
