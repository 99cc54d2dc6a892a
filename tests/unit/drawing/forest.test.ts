import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartSpec } from '../../../main/contract/report/report';
import { plotOf } from '../../../main/drawing/chart';
import { logAxisFor, logTicks } from '../../../main/drawing/forest/logAxis';
import { onPage } from '../../../main/drawing/format';
import type { Look } from '../../../main/drawing/palette';

type ForestSpec = Extract<ChartSpec, { kind: 'forest' }>;

const look: Look = {
  text: 't',
  muted: 'm',
  surface: 's',
  grid: 'g',
  fill: (kind) => `${kind} fill`,
  line: (kind) => `${kind} line`,
};
const forest = (of: Pick<ForestSpec, 'rows' | 'pooled'>): ForestSpec => ({
  ...{ id: 'x', kind: 'forest', unit: 'times', minimumEffect: 0.05 },
  ...{ title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} }, ...of },
});
const shapesOf = (spec: ForestSpec) => {
  const plot = plotOf(spec, 'en', { ...onPage(900), look });
  return plot.draw(0, plot.height).shapes;
};
const row = (ratio: number, low: number, high: number) => ({
  ...{ label: 'bench-1', target: 'vm:direct' as const, ratio, interval: { low, high } },
});
/** Arrow heads: lines of two strokes. */
const arrows = (shapes: ReturnType<typeof shapesOf>, stroke: string) =>
  shapes.filter(({ name, attributes }) => name === 'path' && attributes.stroke === stroke);

describe('an interval that goes on beyond the picture', () => {
  it('ends in an arrow, and one that does not in a cap', () => {
    expect(arrows(shapesOf(forest({ rows: [row(2, 1.5, 2.5)] })), 'vm line')).toEqual([]);
    expect(arrows(shapesOf(forest({ rows: [row(2, 0.001, 2.5)] })), 'vm line')).toHaveLength(1);
    expect(arrows(shapesOf(forest({ rows: [row(2, 0.001, 1e6)] })), 'vm line')).toHaveLength(2);
  });

  it('does so also where it is that of one more host', () => {
    const rows = [row(2, 1.9, 2.1)];
    const pooled = (low: number, high: number) => ({
      ...{ label: 'mean', ratio: 2, interval: { low: 1.8, high: 2.2 }, prediction: { low, high } },
    });
    expect(arrows(shapesOf(forest({ rows, pooled: pooled(1.5, 2.6) })), 'm')).toEqual([]);
    expect(arrows(shapesOf(forest({ rows, pooled: pooled(1e-6, 1e6) })), 'm')).toHaveLength(2);
  });
});

describe('the axis of ratios', () => {
  const ratio = fc.double({ min: 1e-9, max: 1e9, noNaN: true });

  it('has every ratio and “no difference” on it, in order, and half as far from that as twice', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 20 }), (ratios) => {
        const axis = logAxisFor(ratios.map((one) => ({ ratio: one })));
        const places = [...ratios, 1].sort((a, b) => a - b).map(axis.at);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places[0]).toBeGreaterThan(0);
        expect(places.at(-1)).toBeLessThan(1);
      }),
    );
    const { at } = logAxisFor([{ ratio: 3 }, { ratio: 1 / 3 }]);
    expect(at(2) - at(1)).toBeCloseTo(at(1) - at(0.5), 9);
  });

  it('has “no difference” among its ticks, and room between them', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 20 }), (ratios) => {
        const axis = logAxisFor(ratios.map((one) => ({ ratio: one })));
        const ticks = logTicks(axis, 0.15);
        expect(ticks).toContain(1);
        const gaps = ticks.slice(1).map((tick, at) => axis.at(tick) - axis.at(ticks[at]!));
        for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(0.15 - 1e-9);
      }),
    );
  });
});
