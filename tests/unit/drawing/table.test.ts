import fc from 'fast-check';
import { expect, it } from 'vitest';
import { figureTable } from '../../../main/drawing/table';
import { anyChart } from '../../support/fakes/charts';

it('has a row for every bar, line, span or host, and a figure for every column', () => {
  fc.assert(
    fc.property(anyChart, (spec) => {
      const { columns, rows } = figureTable(spec, 'en');
      const count =
        spec.kind === 'bars'
          ? spec.bars.length
          : spec.kind === 'lines'
            ? spec.lines.length
            : spec.kind === 'spans'
              ? spec.rows.flatMap(({ spans }) => spans).length
              : spec.rows.length + (spec.pooled ? 1 : 0);
      expect(rows).toHaveLength(count);
      for (const { name, figures } of rows) {
        expect(figures).toHaveLength(columns.length - 1);
        expect([name, ...figures.map(({ words }) => words)].join()).not.toMatch(/NaN|undefined|null|object/);
      }
    }),
    { numRuns: 50 },
  );
});

it('tells what was read, what it sums up to, and what is missing as missing', () => {
  const frame = { id: 'x', title: { key: 'x', facts: {} }, note: { key: 'x', facts: {} } };
  const { columns, rows } = figureTable(
    {
      ...frame,
      kind: 'bars',
      unit: 'ms',
      series: [
        { id: 'a', label: 'a' },
        { id: 'b', label: 'b' },
      ],
      bars: [{ label: 'web', target: 'container', values: [10, null], interval: { low: 9, high: 12 } }],
    },
    'en',
  );
  expect(columns.map(({ title }) => title)).toEqual(['What', 'a', 'b', 'Total', '95 % interval']);
  expect(rows[0]!.figures.map(({ words }) => words)).toEqual(['10 ms', '–', '10 ms', '9.0 – 12 ms']);
});
