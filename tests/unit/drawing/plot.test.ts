import fc from 'fast-check';
import { message } from '../../../main/contract/messages';
import { describe, expect, it } from 'vitest';
import { withoutPublished } from '../../../main/contract/report/published';
import { plotOf } from '../../../main/drawing/chart';
import { onPage } from '../../../main/drawing/format';
import { colourKind, type Look } from '../../../main/drawing/palette';
import { spotAt } from '../../../main/drawing/plot';
import type { ChartSpec } from '../../../main/contract/report/report';
import type { Shape } from '../../../main/drawing/shapes';
import {
  endOf,
  shadesOfSeries,
  shadesOfLines,
  totalOf,
  type BarsSpec,
  type LinesSpec,
  type SpansSpec,
} from '../../../main/drawing/spec';
import { shadesOfSpans } from '../../../main/drawing/stretches';
import { anyChart } from '../../support/fakes/charts';
import { overlaps, textBoxes } from '../../support/fakes/shapes';

const MiB = 1024 ** 2;
const frame = { id: 'x', title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} } };
const look: Look = {
  text: 't',
  muted: 'm',
  surface: 's',
  grid: 'g',
  fill: (kind, index) => `${kind} fill ${index}`,
  line: (kind, index) => `${kind} line ${index}`,
};
const format = { ...onPage(900), look };
const drawn = (...[spec, withReserved = false]: [Parameters<typeof plotOf>[0], boolean?]) => {
  const plot = plotOf(spec, 'en', format, { withReserved });
  return { ...plot, ...plot.draw(0, plot.height) };
};
const words = (shapes: readonly Shape[]) => shapes.flatMap((shape) => shape.words ?? []);

it('draws a part below 0 over the end of those before it, and reaches as far as they do', () => {
  const bar = { label: 'web', target: 'container' as const, values: [3 * MiB, -1 * MiB] };
  const series = ['net', 'tare'].map((id) => ({ id, label: id }));
  const spec: BarsSpec = { ...frame, kind: 'bars', unit: 'bytes', series, bars: [bar] };
  expect([endOf(bar), totalOf(bar)]).toEqual([3 * MiB, 2 * MiB]);
  const [net, tare] = drawn(spec).spots();
  expect(tare!.width).toBeGreaterThan(0);
  expect(tare!.x + tare!.width).toBeCloseTo(net!.x + net!.width, 0);
  expect(tare!.width / net!.width).toBeCloseTo(1 / 3, 1);
});

const memory: BarsSpec = {
  ...frame,
  kind: 'bars',
  unit: 'bytes',
  base: 'container',
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
      times: 12.7,
      interval: { low: 130 * MiB, high: 150 * MiB },
    },
    { label: 'api', target: 'vm:direct', values: [null, null, null, null] },
  ],
};

describe('bars', () => {
  it('keep a missing figure missing, and tell so', () => {
    expect(memory.bars.map(totalOf)).toEqual([11 * MiB, 140 * MiB, null]);
    expect(words(drawn(memory).shapes)).toContain('not measured');
  });

  it('are painted by kind: the strongest shade first, virtual machines with an edge, hatched where they were emulated', () => {
    const { shapes } = drawn(memory);
    const fills = shapes.filter(({ name }) => name === 'rect').map(({ attributes }) => attributes.fill);
    expect(fills).toEqual(['container fill 0', 'container fill 1', 'vm fill 0', 'vm fill 1']);
    const edged = shapes.filter(({ name, attributes }) => name === 'rect' && attributes.stroke);
    expect(edged).toHaveLength(2);
    const hatched = (spec: BarsSpec) =>
      drawn(spec).shapes.filter(({ attributes }) => attributes['stroke-opacity'] === 0.75);
    expect(hatched(memory)).toHaveLength(0);
    const bars = memory.bars.map((bar, at) => (at === 1 ? { ...bar, emulated: true as const } : bar));
    expect(hatched({ ...memory, bars })).toHaveLength(2);
  });

  it('take a measured 0 for a part that is there, and a missing figure for none', () => {
    const zero: BarsSpec = { ...memory, bars: [{ ...memory.bars[0]!, values: [0, null, null, 9 * MiB] }] };
    const shades = shadesOfSeries(zero);
    expect(shades.map((one) => [...one.keys()])).toEqual([['container'], [], [], ['container']]);
    expect(shades[3]!.get('container')).toBe(1);
  });

  it('reach as far as anything measured, and to the reservation when asked', () => {
    const lastTick = (withReserved: boolean) =>
      words(drawn(memory, withReserved).shapes)
        .filter((told) => /^[\d,.]+$/.test(told))
        .at(-1);
    expect(Math.max(...memory.bars.map(endOf))).toBe(150 * MiB);
    expect(lastTick(false)).toBe('160');
    expect(lastTick(true)).toBe('4');
    expect(words(drawn(memory, true).shapes)).toContain('Memory (GiB)');
  });

  it('explain every mark that is drawn, and none that is not', () => {
    expect(drawn(memory).legend.map((entry) => entry.words)).toEqual([
      ...['workload', 'guest-ram', 'vmm', 'shim'],
      ...['one measurement', '95 % interval', 'reserved', 'times the container, round by round'],
    ]);
    const bar = { label: 'a', target: 'process', values: [1] };
    expect(drawn({ ...memory, series: [{ id: 'a', label: 'a' }], bars: [bar] }).legend).toEqual([]);
  });

  describe('with published figures', () => {
    const published = (value: number): BarsSpec => ({
      ...memory,
      references: [{ label: 'a', value, published: 'a', conditions: frame.note, source: 'a' }],
    });

    it('reach as far as one that is not too far out, and no further', () => {
      const ticks = (value: number) => words(drawn(published(value)).shapes);
      expect(ticks(300 * MiB)).toContain('320');
      expect(ticks(3000 * MiB)).toContain('160');
      expect(ticks(3000 * MiB)).not.toContain('192');
    });

    it('have a lane of their own below the axis, and none where there are none', () => {
      expect(drawn(published(1)).height).toBeGreaterThan(drawn(memory).height + 40);
      expect(words(drawn(published(1)).shapes)).toContain('Published elsewhere');
      expect(withoutPublished(published(1))).toEqual(memory);
    });
  });
});

describe('lines', () => {
  const line = (label: string, target: string, ...values: number[]) => ({
    label,
    target,
    points: values.map((y, at) => ({ xMs: at * 300, y })),
  });
  const spec: LinesSpec = {
    ...frame,
    kind: 'lines',
    unit: 'bytes',
    lines: [
      line('web', 'container', 1, MiB),
      line('web', 'vm:direct', 2, 3),
      line('api', 'container', 3, 4),
      line('web', 'container', 4, 5),
    ],
  };
  const paths = ({ lines }: LinesSpec) =>
    drawn({ ...spec, lines })
      .shapes.filter(({ name, attributes }) => name === 'path' && attributes['stroke-width'] === 2.4)
      .map(({ attributes }) => attributes);

  it('give each name of a kind its own colour, and dash virtual machines', () => {
    expect(shadesOfLines(spec)).toEqual([0, 0, 1, 0]);
    expect(paths(spec).map(({ stroke }) => stroke)).toEqual([
      'container line 0',
      'vm line 0',
      'container line 1',
      'container line 0',
    ]);
    expect(paths(spec).map((one) => 'stroke-dasharray' in one)).toEqual([false, true, false, false]);
  });

  it('lie over time, or over whatever they say', () => {
    const across = { unit: 'count', title: { key: 'chart.axis.up-before', facts: {} } } as const;
    const [over, since] = ['chart.axis.up-before', 'chart.axis.since-start'] as const;
    const titles = (plot: LinesSpec) =>
      [over, since].filter((key) =>
        words(drawn(plot).shapes).some((one) => one.startsWith(message('en', key))),
      );
    expect(titles(spec)).toEqual([since]);
    expect(titles({ ...spec, across })).toEqual([over]);
    const { spots } = drawn({ ...spec, across });
    expect(spots().at(-1)!.say()).toEqual(['Others up: 300', 'web: 5 B']);
  });

  it('name every line once', () => {
    expect(drawn(spec).legend).toHaveLength(3);
  });

  it('leave out what is switched off, and show a part from edge to edge', () => {
    const shown = (view: Parameters<typeof plotOf>[3]) => {
      const plot = plotOf(spec, 'en', format, view);
      return { ...plot, ...plot.draw(0, plot.height) };
    };
    const strokes = ({ shapes }: ReturnType<typeof shown>) =>
      shapes.filter(({ attributes }) => attributes['stroke-width'] === 2.4);
    expect(strokes(shown({ hidden: new Set([0, 1]) }))).toHaveLength(2);
    const part = shown({ range: [100, 200] });
    expect(part.zoom).toMatchObject({ from: 100, to: 200, whole: [0, 300] });
    const { left, right } = part.zoom!;
    for (const { attributes } of strokes(part)) {
      const across = [...String(attributes.d).matchAll(/[ML](\S+) /g)].map(([, x]) => Number(x));
      expect([Math.min(...across), Math.max(...across)]).toEqual([
        Math.round(left * 100) / 100,
        Math.round(right * 100) / 100,
      ]);
    }
  });

  it('tell at any place what each line last said there', () => {
    const plot = plotOf(spec, 'en', format, { hidden: new Set([3]) });
    const { title, readings } = plot.zoom!.readAt(150);
    expect(title).toBe('150 ms');
    expect(readings.map(({ line, name, figure }) => [line, name, figure])).toEqual([
      [0, 'web', '1 B'],
      [1, 'web', '2 B'],
      [2, 'api', '3 B'],
    ]);
  });

  it('are interrupted by a gap, and show a reading between two gaps as a dot', () => {
    const lines = [line('web', 'container', 1, 2, NaN, 3, NaN, 4, 5)];
    expect(paths({ ...spec, lines })[0]!.d).toMatch(/^M[^M]+M[^M]+$/);
    expect(drawn({ ...spec, lines }).shapes.filter(({ name }) => name === 'circle')).toHaveLength(2);
  });

  it('tell the reading that is nearest in time', () => {
    const { spots } = drawn(spec);
    const last = spots().find(({ say }) => say()[1] === 'web: 1 MiB')!;
    expect(spotAt(spots(), last.x - 5, last.y + 3)!.say()).toEqual(['300 ms', 'web: 1 MiB']);
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

  it('lie one after the other, and tell what they took', () => {
    const [created, ready] = drawn(spec).spots();
    expect(ready!.x).toBeCloseTo(created!.x + created!.width + 1, 6);
    expect(ready!.say()).toEqual(['a', 'ready: 240 ms', '60 ms – 300 ms']);
    expect(spotAt([created!, ready!], created!.x + 1, created!.y + 1)).toBe(created);
    expect(spotAt([created!, ready!], created!.x + 1, created!.y - 9)).toBeUndefined();
  });

  it('name what takes long inside it, what is short is one grey “other”, and the longest is never pale', () => {
    const names = words(drawn(spec).shapes);
    expect(names).toEqual(expect.arrayContaining(['ready', 'kernel entered']));
    const tiny = { phase: 'exec', fromMs: 900, toMs: 910 };
    const rows = spec.rows.map((row, at) => (at === 1 ? { ...row, spans: [...row.spans, tiny] } : row));
    const { legend, shapes } = drawn({ ...spec, rows });
    expect(legend.map((entry) => entry.words)).toEqual([
      ...['container created', 'ready', 'kernel entered'],
      'other, each too short to be named',
    ]);
    const fills = shapes.filter(({ name, attributes }) => name === 'rect' && attributes.rx === undefined);
    expect(fills.map(({ attributes }) => attributes.fill)).toEqual([
      ...['container fill 1', 'container fill 0'],
      ...['vm fill 0', 'other fill 1'],
    ]);
  });

  it('tell at most four of a kind apart, each by a colour of its own', () => {
    fc.assert(
      fc.property(anyChart, (chart) => {
        fc.pre(chart.kind === 'spans');
        for (const shades of shadesOfSpans(chart).values()) {
          expect(shades.size).toBeLessThanOrEqual(4);
          expect(new Set(shades.values()).size).toBe(shades.size);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Names inside a bar stand on a ground of their own. */
const isInside = (spec: ChartSpec) => (told: string) =>
  spec.kind === 'spans' && spec.rows.some(({ spans }) => spans.some(({ phase }) => phase === told));

it('writes no word over another or over a mark, at any width', () => {
  fc.assert(
    fc.property(anyChart, fc.integer({ min: 420, max: 1400 }), (spec, width) => {
      const plot = plotOf(spec, 'en', { ...onPage(width), look });
      const { shapes } = plot.draw(0, plot.height);
      expect(overlaps(shapes, isInside(spec))).toEqual([]);
      for (const { words: told, x, width: wide } of textBoxes(shapes))
        expect({ told, inside: x >= -1 && x + wide <= width + 1 }).toEqual({ told, inside: true });
    }),
    { numRuns: 100 },
  );
});

it('draws any chart with numbers that are numbers, inside its width, at any width', () => {
  fc.assert(
    fc.property(anyChart, fc.integer({ min: 320, max: 2000 }), (spec, width) => {
      const plot = plotOf(spec, 'en', onPage(width));
      const { shapes, spots } = plot.draw(0, plot.height);
      for (const { attributes } of shapes)
        for (const value of Object.values(attributes))
          expect(String(value)).not.toMatch(/NaN|Infinity|undefined/);
      for (const spot of spots()) expect(spot.x).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 50 },
  );
  expect(colourKind('host')).toBe('other');
});
