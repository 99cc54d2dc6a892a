import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hatch } from '../../../main/drawing/marks';

test('hatching never leaves its box', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 500, noNaN: true }),
      fc.double({ min: 0.1, max: 60, noNaN: true }),
      (width, height) => {
        const points = [...hatch({ x: 10, y: 20, width, height }).matchAll(/[ML](\S+) ([\d.-]+)/g)];
        for (const [, x, y] of points) {
          expect(Number(x)).toBeGreaterThanOrEqual(9.99);
          expect(Number(x)).toBeLessThanOrEqual(10.01 + width);
          expect(Number(y)).toBeGreaterThanOrEqual(19.99);
          expect(Number(y)).toBeLessThanOrEqual(20.01 + height);
        }
      },
    ),
  );
});
