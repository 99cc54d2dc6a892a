/** Lines against scipy's linregress: the values in tests/fixtures/regression.json were computed there. */
import { describe, expect, test } from 'vitest';
import golden from '../../../../fixtures/regression.json';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { fitLine } from '../../../../../main/engine/results/statistics/regression';
import { normalDraw } from '../../../../support/statistics/normalDraw';

const agree = (actual: number | undefined, expected: number): void =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));

describe.each(Object.entries(golden.cases))('%s', (_, { x, y, at, ...expected }) => {
  const line = fitLine(x.map((value, index) => ({ x: value, y: y[index]! })));

  test('has the slope, intercept and spread that scipy finds', () => {
    agree(line.slope.value, expected.slope);
    agree(line.intercept.value, expected.intercept);
    agree(line.residualDeviation, expected.residualDeviation);
  });

  test('has their 95 % intervals, and that of a further measurement', () => {
    const predicted = line.predict(at);
    agree(predicted.value, expected.predicted);
    for (const [interval, [low, high]] of [
      [line.slope.interval, expected.slopeInterval],
      [line.intercept.interval, expected.interceptInterval],
      [predicted.interval, expected.predictedInterval],
    ] as const) {
      agree(interval!.low, low!);
      agree(interval!.high, high!);
    }
  });
});

test('two points give a line and no interval; one point or one x gives none', () => {
  const line = fitLine([
    { x: 1, y: 5 },
    { x: 3, y: 9 },
  ]);
  expect([line.slope, line.intercept, line.predict(10)]).toEqual([{ value: 2 }, { value: 3 }, { value: 23 }]);
  expect(() => fitLine([{ x: 1, y: 1 }])).toThrow(RangeError);
  expect(() => fitLine([])).toThrow(RangeError);
  expect(() =>
    fitLine([
      { x: 2, y: 1 },
      { x: 2, y: 3 },
    ]),
  ).toThrow(RangeError);
});

test('the interval of a further measurement holds it in about 95 % of cases', () => {
  const random = seededRandom(3);
  const truth = (x: number) => 4 + 1.5 * x + normalDraw(random);
  const held = Array.from({ length: 1000 }, () => {
    const line = fitLine([1, 2, 3, 4, 5, 6].map((x) => ({ x, y: truth(x) })));
    const { low, high } = line.predict(12).interval!;
    const next = truth(12);
    return next >= low && next <= high;
  }).filter(Boolean).length;
  expect(held).toBeGreaterThan(930);
  expect(held).toBeLessThan(970);
});
