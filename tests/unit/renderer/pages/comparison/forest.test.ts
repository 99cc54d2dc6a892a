import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forestOf } from '../../../../../renderer/pages/comparison/forest';

const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('the line of ratios', () => {
  it('has “no change” in its middle and keeps every ratio in sight, in order', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1 }), (ratios) => {
        const { at } = forestOf(
          ratios.map((one) => ({ ratio: one })),
          0.05,
        );
        expect(at(1)).toBeCloseTo(0.5);
        const sorted = [...ratios].sort((a, b) => a - b).map(at);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
        for (const place of sorted) {
          expect(place).toBeGreaterThan(0);
          expect(place).toBeLessThan(1);
        }
      }),
    );
  });

  it('shows twice as much and half as much equally far from the middle', () => {
    const { at } = forestOf([{ ratio: 3 }], 0.05);
    expect(at(2) - 0.5).toBeCloseTo(0.5 - at(0.5));
  });

  it('lets a very wide interval run out of the picture', () => {
    const { at } = forestOf([{ ratio: 1.1, interval: { low: 0.01, high: 100 } }, { ratio: 1.5 }], 0.05);
    expect(at(100)).toBe(1);
    expect(at(1.5) - at(1.1)).toBeGreaterThan(0.08);
  });

  it('marks what is too small to tell, and has round ticks on both sides', () => {
    const { band, ticks, at } = forestOf([{ ratio: 1.02 }], 0.05);
    expect(band).toEqual({ from: at(1 / 1.05), to: at(1.05) });
    expect(band.to - band.from).toBeLessThan(0.5);
    expect(ticks.map((tick) => tick.ratio)).toEqual([0.9, 1, 1.1, 1.2]);
    for (const most of [1.3, 2, 4, 9, 60]) {
      const places = forestOf([{ ratio: most }], 0.05).ticks.map((tick) => tick.at);
      const gaps = places.slice(1).map((place, index) => place - places[index]!);
      expect(places.length).toBeGreaterThanOrEqual(3);
      expect(Math.min(...gaps), String(most)).toBeGreaterThan(0.1);
    }
  });
});
