import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dragged, showing, zoomed } from '../../../../../renderer/parts/chart/zooming';

const whole = [0, 1000] as const;
const value = fc.double({ min: 0, max: 1000, noNaN: true });

it('never shows what is not there, nor nothing at all', () => {
  fc.assert(
    fc.property(
      value,
      value,
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      value,
      (a, b, factor, around) => {
        const range = [Math.min(a, b), Math.max(a, b)] as const;
        for (const shown of [
          zoomed(range, factor, around, whole),
          dragged(a, b, whole, 1),
          showing(around, range, whole),
        ]) {
          if (!shown) continue;
          expect(shown[0]).toBeGreaterThanOrEqual(0);
          expect(shown[1]).toBeLessThanOrEqual(1000 + 1e-6);
          expect(shown[1] - shown[0]).toBeGreaterThan(1);
        }
      },
    ),
  );
});

it('keeps the place under the pointer where it is, and comes back to all there is', () => {
  const shown = zoomed([0, 1000], 0.5, 250, whole)!;
  expect(shown).toEqual([125, 625]);
  expect((250 - shown[0]) / (shown[1] - shown[0])).toBeCloseTo(0.25, 9);
  expect(zoomed(shown, 8, 250, whole)).toBeUndefined();
});

it('takes a click for a click', () => {
  expect(dragged(500, 503, whole, 5)).toBeUndefined();
  expect(dragged(600, 400, whole, 5)).toEqual([400, 600]);
});

it('follows a cursor that leaves what is shown', () => {
  expect(showing(700, [400, 600], whole)).toEqual([500, 700]);
  expect(showing(500, [400, 600], whole)).toEqual([400, 600]);
});
