/** Charts of records that somebody else may have written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChartSpec } from '../../../main/contract/report/report';
import { bars } from '../../../main/drawing/bars/bars';
import { slide } from '../../../main/drawing/format';
import { hatch } from '../../../main/drawing/marks';
import { slideOf } from '../../../main/drawing/slide';
import type { BarsSpec } from '../../../main/drawing/spec';

const frame = { id: 'x', title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} } };
const most = Number.MAX_SAFE_INTEGER;
const figure = fc.oneof(
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1e-300, 1, -1, most, -most),
  fc.double({ min: -most, max: most, noNaN: true }),
);
const interval = fc.record({ low: figure, high: figure });
const ratio = fc.oneof(
  fc.constantFrom(1 / most, 1, most),
  fc.double({ min: 1 / most, max: most, noNaN: true }),
);
const ratios = fc.record({ low: ratio, high: ratio });
const label = fc.constantFrom('', 'web', 'x'.repeat(3000));
const target = fc.constantFrom('container', 'vm:direct', 'nobody knows');
const emulated = fc.constantFrom(true as const, undefined);
const unit = fc.constantFrom(
  'ms' as const,
  'bytes' as const,
  'times' as const,
  'percent' as const,
  'count' as const,
);
const chart = fc.oneof(
  fc.record({
    kind: fc.constant('bars' as const),
    series: fc.constant([
      { id: 'a', label: 'a' },
      { id: 'b', label: 'b', shared: true as const },
    ]),
    bars: fc.array(
      fc.record({
        ...{ label, target, emulated, interval, quartiles: interval, outline: figure, times: figure },
        values: fc.tuple(fc.option(figure), fc.option(figure)),
        points: fc.array(figure, { maxLength: 5 }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('lines' as const),
    lines: fc.array(
      fc.record({
        label,
        target,
        emulated,
        points: fc.array(fc.record({ xMs: figure, y: figure }), { maxLength: 6 }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('forest' as const),
    rows: fc.array(
      fc.record({
        ...{ label, target, emulated, ratio },
        interval: fc.option(ratios, { nil: undefined }),
        weight: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 50 },
    ),
    pooled: fc.option(fc.record({ label, ratio, interval: ratios, prediction: ratios }), { nil: undefined }),
    minimumEffect: fc.constantFrom(1e-12, 0.05, 10),
  }),
  fc.record({
    kind: fc.constant('spans' as const),
    rows: fc.array(
      fc.record({
        ...{ label, target, emulated },
        spans: fc.array(fc.record({ phase: fc.constantFrom('ready', 'x'), fromMs: figure, toMs: figure }), {
          maxLength: 4,
        }),
      }),
      { maxLength: 4 },
    ),
  }),
);

describe('whatever the contract lets in', () => {
  it('is drawn, with coordinates that are numbers and as many signs as there is to show', () => {
    fc.assert(
      fc.property(chart, unit, (given, of) => {
        const spec = ChartSpec.parse({ ...frame, unit: of, ...given });
        const { shapes } = slideOf(spec, 'en');
        expect(JSON.stringify(shapes)).not.toMatch(/NaN|Infinity|null/);
        expect(JSON.stringify(shapes).length).toBeLessThan(300_000);
      }),
      { seed: 13, numRuns: 300 },
    );
  });
});

it('hatching has a largest number of lines, however large the box is', () => {
  const lines = hatch({ x: 0, y: 0, width: 1e300, height: 14 }).split('M').length;
  expect(lines).toBeLessThanOrEqual(402);
});

/** How often the bars are looked at for a chart of so many. */
function looksAt(count: number): number {
  let looks = 0;
  const all = Array.from({ length: count }, (_, at) => ({
    label: `web ${at}`,
    target: 'vm:direct',
    get values() {
      looks += 1;
      return [1, 2, 3];
    },
  }));
  const series = ['a', 'b', 'c'].map((id) => ({ id, label: id }));
  const spec: BarsSpec = { ...frame, kind: 'bars', unit: 'ms', series, bars: all };
  const plot = bars(spec, 'en', slide);
  plot.draw(0, plot.height);
  return looks;
}

it('twice as many bars are twice as much work', () => {
  expect(looksAt(400)).toBe(2 * looksAt(200));
});
