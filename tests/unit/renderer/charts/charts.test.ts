import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutPublished } from '../../../../main/contract/report/published';
import { configurationOf, type Painter } from '../../../../renderer/charts/configuration';
import {
  legendOf,
  measuredEnd,
  phasesOf,
  shadesOfLines,
  totalOf,
  type BarsSpec,
  type LinesSpec,
  type SpansSpec,
} from '../../../../renderer/charts/layout';
import { kindOf, type Kind, type Look } from '../../../../renderer/charts/palette';
import { thinned, type Point } from '../../../../renderer/charts/points';
import { axisFor } from '../../../../renderer/charts/scale';

const MiB = 1024 ** 2;
const frame = { id: 'x', title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} } };
const shades = (name: string) => Array.from({ length: 6 }, (_, index) => `${name}${index + 1}`);
const kinds: Record<Kind, string[]> = {
  container: shades('blue'),
  vm: shades('orange'),
  process: shades('green'),
  other: shades('grey'),
};
const look: Look = {
  text: 't',
  muted: 'm',
  faint: 'f',
  grid: 'g',
  surface: 's',
  font: 'Inter',
  shades: kinds,
  strokes: kinds,
};
const painter: Painter = {
  look,
  locale: 'en',
  fill: (colour, kind) => (kind === 'vm' ? `hatched ${colour}` : colour),
  showReserved: false,
  buckets: 200,
};

const memory: BarsSpec = {
  ...frame,
  kind: 'bars',
  unit: 'bytes',
  series: ['workload', 'guest-ram', 'vmm', 'shim'].map((id) => ({ id, label: id })),
  bars: [
    {
      label: 'web',
      target: 'container',
      values: [2 * MiB, null, null, 9 * MiB],
      outline: 4096 * MiB,
      points: [10 * MiB, 12 * MiB],
    },
    {
      label: 'web',
      target: 'vm:direct',
      values: [null, 90 * MiB, 50 * MiB, null],
      interval: { low: 130 * MiB, high: 150 * MiB },
    },
    { label: 'api', target: 'vm:direct', values: [null, null, null, null] },
  ],
};

describe('bars', () => {
  const { data, options } = configurationOf(memory, painter);

  it('stacks one dataset per series and keeps a missing figure missing', () => {
    expect(data.datasets.map((set) => set.data)).toEqual([
      [2 * MiB, null, null],
      [null, 90 * MiB, null],
      [null, 50 * MiB, null],
      [9 * MiB, null, null],
    ]);
    expect(memory.bars.map(totalOf)).toEqual([11 * MiB, 140 * MiB, null]);
  });

  it('paints by kind: the strongest shade first, virtual machines hatched', () => {
    const fills = data.datasets.map(
      (set) => (set as unknown as { backgroundColor: string[] }).backgroundColor,
    );
    expect(fills[0]![0]).toBe('blue1');
    expect(fills[3]![0]).toBe('blue2');
    expect(fills[1]![1]).toBe('hatched orange1');
    expect(fills[2]![1]).toBe('hatched orange2');
  });

  it('reaches as far as anything measured, and to the reservation when asked', () => {
    const max = (chart: typeof options) => (chart as { scales: { x: { max: number } } }).scales.x.max;
    expect(Math.max(...memory.bars.map(measuredEnd))).toBe(150 * MiB);
    expect(max(options)).toBe(160 * MiB);
    expect(max(configurationOf(memory, { ...painter, showReserved: true }).options)).toBe(4096 * MiB);
  });

  describe('with published figures', () => {
    const published = (value: number): BarsSpec => ({
      ...memory,
      references: [{ label: 'a', value, published: 'a', conditions: frame.note, source: 'a' }],
    });
    const chartOf = (spec: BarsSpec) => {
      const chart = configurationOf(spec, painter);
      const { scales, layout } = chart.options as unknown as {
        scales: { x: { max: number } };
        layout: { padding: { bottom: number } };
      };
      return {
        max: scales.x.max,
        lane: layout.padding.bottom,
        plugins: chart.plugins?.map(({ id }) => id) ?? [],
      };
    };

    it('reaches as far as one that is not too far out, and no further', () => {
      expect(chartOf(published(300 * MiB)).max).toBe(320 * MiB);
      expect(chartOf(published(3000 * MiB)).max).toBe(160 * MiB);
    });

    it('gives them a lane of their own below the axis, and none where there are none', () => {
      expect(chartOf(published(1)).lane).toBeGreaterThan(40);
      expect(chartOf(published(1)).plugins).toContain('tare-published');
      expect(chartOf(memory)).toEqual({ max: 160 * MiB, lane: 0, plugins: ['tare-bar-marks'] });
      expect(withoutPublished(published(1))).toEqual(memory);
    });
  });

  it('explains every mark that is drawn, and none that is not', () => {
    const marks = legendOf(memory).flatMap(({ swatches }) => swatches.map(({ mark }) => mark));
    expect(marks).toEqual(['fill', 'fill', 'fill', 'fill', 'point', 'interval', 'outline']);
    const plain: BarsSpec = {
      ...memory,
      series: [{ id: 'a', label: 'a' }],
      bars: [{ label: 'a', target: 'process', values: [1] }],
    };
    expect(legendOf(plain)).toEqual([]);
  });
});

describe('lines', () => {
  const line = (label: string, target: string, points: Point[]) => ({ label, target, points });
  const spec: LinesSpec = {
    ...frame,
    kind: 'lines',
    unit: 'bytes',
    lines: [
      line('web', 'container', [
        { xMs: 0, y: 1 },
        { xMs: 900, y: MiB },
      ]),
      line('web', 'vm:direct', [{ xMs: 0, y: 2 }]),
      line('api', 'container', [{ xMs: 0, y: 3 }]),
      line('web', 'container', [{ xMs: 0, y: 4 }]),
    ],
  };

  it('gives each name of a kind its own colour, and dashes virtual machines', () => {
    expect(shadesOfLines(spec)).toEqual([0, 0, 1, 0]);
    const sets = configurationOf(spec, painter).data.datasets as unknown as {
      borderColor: string;
      borderDash: number[];
    }[];
    expect(sets.map(({ borderColor }) => borderColor)).toEqual(['blue1', 'orange1', 'blue2', 'blue1']);
    expect(sets.map(({ borderDash }) => borderDash.length > 0)).toEqual([false, true, false, false]);
  });

  it('names every line once', () => {
    expect(legendOf(spec)).toHaveLength(3);
  });
});

describe('spans', () => {
  const spec: SpansSpec = {
    ...frame,
    kind: 'spans',
    unit: 'ms',
    rows: [
      {
        label: 'a',
        target: 'container',
        spans: [
          { phase: 'created', fromMs: 0, toMs: 60 },
          { phase: 'ready', fromMs: 60, toMs: 300 },
        ],
      },
      { label: 'b', target: 'vm:direct', spans: [{ phase: 'kernel', fromMs: 0, toMs: 900 }] },
    ],
  };

  it('puts the n-th span of every row into one dataset', () => {
    const { data } = configurationOf(spec, painter) as unknown as {
      data: { datasets: { data: number[][] }[] };
    };
    expect(data.datasets.map((set) => set.data)).toEqual([
      [
        [0, 60],
        [0, 900],
      ],
      [
        [60, 300],
        [NaN, NaN],
      ],
    ]);
  });

  it('gives a phase the same shade in every row of its kind', () => {
    expect([...phasesOf(spec)]).toEqual([
      ['container', ['created', 'ready']],
      ['vm', ['kernel']],
    ]);
  });
});

describe('axes', () => {
  it('have few round steps, cover what they must and show one unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<'ms' | 'bytes' | 'count'>('ms', 'bytes', 'count'),
        fc.double({ min: 1, max: 1e12, noNaN: true }),
        (unit, high) => {
          const axis = axisFor(unit, 0, high, 'en');
          expect(axis.max).toBeGreaterThanOrEqual(high * 0.998);
          const steps = axis.max / axis.step;
          expect(steps).toBeGreaterThanOrEqual(1);
          expect(steps).toBeLessThanOrEqual(7.01);
        },
      ),
    );
  });

  it('step through bytes in whole binary units and through time in one unit', () => {
    const bytes = axisFor('bytes', 0, 140 * MiB, 'en');
    expect([0, 1, 2].map((n) => bytes.show(n * bytes.step))).toEqual(['0', '32 MiB', '64 MiB']);
    const time = axisFor('ms', 0, 14_000, 'en');
    expect([1, 2].map((n) => time.show(n * time.step))).toEqual(['2.5 s', '5 s']);
  });

  it('go below zero where something is', () => {
    expect(axisFor('bytes', -5 * MiB, 40 * MiB, 'en').min).toBeLessThanOrEqual(-5 * MiB);
  });
});

describe('thinning a line', () => {
  it('keeps ends, extremes, gaps and order, with at most a few points per bucket', () => {
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 999 }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 500, maxLength: 2000 }), (values) => {
        const points = values.map((y, xMs) => ({ xMs, y }));
        const kept = thinned(points, 50);
        const finite = (list: readonly Point[]) => list.map(({ y }) => y).filter((y) => !Number.isNaN(y));
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
        expect(Math.max(...finite(kept))).toBe(Math.max(...finite(points)));
        expect(Math.min(...finite(kept))).toBe(Math.min(...finite(points)));
        for (let n = 1; n < kept.length; n += 1) expect(kept[n]!.xMs).toBeGreaterThan(kept[n - 1]!.xMs);
        const gaps = values.filter(Number.isNaN).length;
        expect(kept.length).toBeLessThanOrEqual(2 + 2 * 50 + 3 * gaps);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a short line alone', () => {
    const points = [{ xMs: 0, y: 1 }];
    expect(thinned(points, 100)).toBe(points);
  });
});

it('knows the kind of every target', () => {
  expect(['container', 'container:crun', 'vm:direct', 'vm:full', 'process', 'host'].map(kindOf)).toEqual([
    'container',
    'container',
    'vm',
    'vm',
    'process',
    'other',
  ]);
});
