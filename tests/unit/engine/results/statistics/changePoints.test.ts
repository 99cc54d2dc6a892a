import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoints } from '../../../../../main/engine/results/statistics/changePoints';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { normalDraw } from '../../../../support/statistics/normalDraw';

/** Levels with a little noise: [level, how many values] … */
function series(levels: [level: number, count: number][], noise = 0.01, seed = 1): number[] {
  const random = seededRandom(seed);
  return levels.flatMap(([level, count]) =>
    Array.from({ length: count }, () => level * Math.exp(noise * normalDraw(random))),
  );
}

describe('a step', () => {
  test('is found where it is, with the runs on either side', () => {
    const [step, ...others] = changePoints(
      series([
        [100, 9],
        [112, 9],
      ]),
    );
    expect(others).toEqual([]);
    expect(step).toMatchObject({ at: 9, before: 9, after: 9 });
    expect(step!.ratio).toBeCloseTo(1.12, 1);
    expect(step!.p).toBeLessThan(0.001);
  });

  test('down is one too, and several are found together', () => {
    const steps = changePoints(
      series([
        [100, 8],
        [130, 8],
        [90, 8],
      ]),
    );
    expect(steps.map(({ at, before, after }) => [at, before, after])).toEqual([
      [8, 8, 8],
      [16, 8, 8],
    ]);
    expect(steps[1]!.ratio).toBeLessThan(1);
  });

  test('that goes back to where it was is told twice', () => {
    expect(
      changePoints(
        series([
          [100, 10],
          [120, 5],
          [100, 10],
        ]),
      ).map(({ at }) => at),
    ).toEqual([10, 15]);
  });

  test('of less than 5 % is none, however certain; another rule may ask for less', () => {
    const small = series(
      [
        [100, 20],
        [103, 20],
      ],
      0.005,
    );
    expect(changePoints(small)).toEqual([]);
    expect(changePoints(small, { mostP: 0.001, minimumEffect: 0.01 })).toMatchObject([{ at: 20 }]);
  });

  test('needs three runs on either side, and seven in all', () => {
    expect(
      changePoints(
        series([
          [100, 10],
          [150, 2],
          [100, 10],
        ]),
      ),
    ).toEqual([]);
    expect(
      changePoints(
        series(
          [
            [100, 3],
            [150, 3],
          ],
          0.001,
        ),
      ),
    ).toEqual([]);
    expect(
      changePoints(
        series(
          [
            [100, 4],
            [150, 3],
          ],
          0.001,
        ),
      ),
    ).toMatchObject([{ at: 4, before: 4, after: 3 }]);
  });
});

test('one wild run is no step', () => {
  const flat = series([[100, 20]]);
  flat[11] = 400;
  expect(changePoints(flat)).toEqual([]);
});

test('values that are all the same have no step, and two levels without any noise have one', () => {
  expect(changePoints(Array<number>(20).fill(7))).toEqual([]);
  expect(changePoints([...Array<number>(5).fill(7), ...Array<number>(5).fill(8)])).toMatchObject([{ at: 5 }]);
});

test('a value that is not positive is refused', () => {
  expect(() => changePoints([1, 2, 0, 3, 4, 5, 6])).toThrow(RangeError);
});

const positive = fc.array(fc.double({ min: 0.5, max: 2000, noNaN: true }), { minLength: 0, maxLength: 40 });

test('whatever the values, segments are long enough and the rule holds for each step', () => {
  fc.assert(
    fc.property(positive, (values) => {
      const steps = changePoints(values);
      const ends = [0, ...steps.map(({ at }) => at), values.length];
      steps.forEach(({ at, before, after, p, ratio }, index) => {
        expect([at - ends[index]!, ends[index + 2]! - at]).toEqual([before, after]);
        expect(Math.min(before, after)).toBeGreaterThanOrEqual(3);
        expect(p).toBeLessThanOrEqual(0.001);
        expect(Math.max(ratio, 1 / ratio)).toBeGreaterThanOrEqual(1.05);
      });
    }),
  );
});

test('the unit does not matter, and seen backwards a clear step is at the same place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 20 }),
      fc.integer({ min: 4, max: 20 }),
      fc.double({ min: 1.3, max: 3, noNaN: true }),
      fc.double({ min: 0.001, max: 1000, noNaN: true }),
      fc.integer(),
      (before, after, ratio, unit, seed) => {
        const values = series(
          [
            [1, before],
            [ratio, after],
          ],
          0.01,
          seed,
        );
        const found = changePoints(values);
        expect(found.map(({ at }) => at)).toEqual([before]);
        const scaled = changePoints(values.map((value) => value * unit));
        expect(scaled.map(({ at }) => at)).toEqual([before]);
        expect(changePoints([...values].reverse()).map(({ at }) => at)).toEqual([after]);
      },
    ),
    { numRuns: 50 },
  );
});
