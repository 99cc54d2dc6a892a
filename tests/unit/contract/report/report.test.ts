import { describe, expect, it } from 'vitest';
import { ChartSpec, Report, Table } from '../../../../main/contract/report/report';

const words = { key: 'x', facts: {} };
const frame = { id: 'start-up', title: words, note: words, unit: 'ms' as const };
const barsOf = (bars: object[], more: object = {}) => ({
  ...{ ...frame, kind: 'bars', series: [{ id: 'a', label: 'a' }], bars },
  ...more,
});
const bar = { label: 'web', target: 'container', values: [1] };
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const report = (charts: object[]) => ({ verdicts: [], tables: [], charts });
const accepts = (spec: object) => ChartSpec.safeParse(spec).success;

describe('a chart from outside', () => {
  it('has room for every workload on every target, and a thousand rounds of some', () => {
    expect(accepts(barsOf(times(32 * 64, bar)))).toBe(true);
    expect(accepts(barsOf(times(200, { ...bar, points: times(1100, 2) })))).toBe(true);
  });

  it.each([
    ['30 000 bars', barsOf(times(30_000, bar))],
    ['more series', barsOf([], { series: times(65, { id: 'a', label: 'a' }) })],
    ['more points of a bar', barsOf([{ ...bar, points: times(10_001, 1) }])],
    ['more points of all bars', barsOf(times(30, { ...bar, points: times(10_000, 1) }))],
    [
      'more lines',
      { ...frame, kind: 'lines', lines: times(2049, { label: '', target: 'host', points: [] }) },
    ],
    [
      'more points of a line',
      {
        ...frame,
        kind: 'lines',
        lines: [{ label: '', target: 'host', points: times(10_001, { xMs: 0, y: 0 }) }],
      },
    ],
    ['more rows', { ...frame, kind: 'spans', rows: times(2049, { label: '', target: 'host', spans: [] }) }],
    [
      'more spans',
      {
        ...frame,
        kind: 'spans',
        rows: [{ label: '', target: 'host', spans: times(201, { phase: '', fromMs: 0, toMs: 0 }) }],
      },
    ],
    ['a value without its series', barsOf([{ ...bar, values: [1, 2] }])],
    ['a series without a value', barsOf([{ ...bar, values: [] }])],
    ['figures that are not exact any more', barsOf([{ ...bar, values: [2 ** 53] }])],
    ['figures far below 0', barsOf([{ ...bar, values: [-1e308] }])],
    ['an end of an interval beyond that', barsOf([{ ...bar, interval: { low: 0, high: 1e300 } }])],
    ...['../../etc/x', 'a/b', '..', '', 'a b', 'x'.repeat(81), 'ä'].map((id): [string, object] => [
      `the id “${id.slice(0, 20)}”`,
      barsOf([bar], { id }),
    ]),
  ])('is refused with %s', (_, spec) => expect(accepts(spec)).toBe(false));

  it('is refused beside another one whose file it would replace', () => {
    const named = (id: string) => barsOf([bar], { id });
    expect(Report.safeParse(report([named('a'), named('b')])).success).toBe(true);
    expect(Report.safeParse(report([named('ab-x'), named('AB-x')])).success).toBe(false);
    expect(Report.safeParse(report([named('answer')])).success).toBe(false);
    expect(Report.safeParse(report(Array.from({ length: 101 }, (_, at) => named(`c${at}`)))).success).toBe(
      false,
    );
  });
});

describe('a table from outside', () => {
  const column = { id: 'a', title: words, unit: 'ms' };
  const table = (columns: number, ...cells: number[]) => ({
    ...{ id: 'x', title: words, columns: times(columns, column) },
    rows: cells.map((count) => times(count, { value: 1 })),
  });
  it('has one cell per column', () => {
    expect(Table.safeParse(table(2, 2, 2)).success).toBe(true);
    expect(Table.safeParse(table(2, 2, 3)).success).toBe(false);
    expect(Table.safeParse(table(2, 1)).success).toBe(false);
  });
});
