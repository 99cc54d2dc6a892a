import { describe, expect, it, test } from 'vitest';
import { shifted } from '../../../../../../main/engine/results/export/figures';
import { lost, measured, pairs, summed, told } from '../../../../../support/fakes/exportedRun';

describe('the run that is exported here', () => {
  it('has medians, intervals, sums, failures, and a pair of which no trial counts', () => {
    expect(lost.map(({ outcome }) => outcome)).toContain('timeout');
    expect(pairs.filter((pair) => pair.counted.length === 0)).toHaveLength(1);
    const shown = pairs.flatMap(({ name }) => measured.map((metric) => told(name, metric)));
    expect(shown.filter((cell) => cell?.interval).length).toBeGreaterThan(50);
  });

  it('is summed up here as in its own tables', () => {
    for (const pair of pairs)
      for (const metric of measured) {
        const cell = told(pair.name, metric);
        if (typeof cell?.value === 'number' && metric.id !== 'reservedBytes')
          expect(cell.value, `${pair.name} ${metric.id}`).toBe(summed(pair.counted, metric));
      }
  });
});

test('what is shifted has been rounded once', () => {
  expect([shifted(412.123456789, 6), shifted(1.1e-7, 6), shifted(-0.3, -3), shifted(0, 6)]).toEqual([
    412123456.789, 0.11, -0.0003, 0,
  ]);
});
