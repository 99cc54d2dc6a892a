import { describe, expect, test } from 'vitest';
import type { Table } from '../../../../../main/contract/report/report';
import { widthOf } from '../../../../../main/doors/cli/terminal/layout';
import { Screen } from '../../../../../main/doors/cli/terminal/screen';
import { paintTable } from '../../../../../main/doors/cli/terminal/tables';

const table: Table = {
  id: 'memory',
  title: { key: 'Memory', facts: {} },
  columns: [
    { id: 'workload', title: { key: 'Workload', facts: {} }, unit: 'text' },
    { id: 'target', title: { key: 'Target', facts: {} }, unit: 'text' },
    { id: 'reserved', title: { key: 'Reserved', facts: {} }, unit: 'bytes' },
    { id: 'used', title: { key: 'Really used', facts: {} }, unit: 'bytes' },
    { id: 'ratio', title: { key: 'Times', facts: {} }, unit: 'times' },
    { id: 'nothing', title: { key: 'Never read', facts: {} }, unit: 'bytes' },
  ],
  rows: [
    [
      { value: 'web' },
      { value: 'container' },
      { value: 512 * 1024 ** 2 },
      { value: 9.5 * 1024 ** 2, interval: { low: 9 * 1024 ** 2, high: 10 * 1024 ** 2 }, n: 3 },
      { value: 1 },
      { value: null },
    ],
    [
      { value: 'web' },
      { value: 'vm:direct' },
      { value: 512 * 1024 ** 2 },
      { value: 110 * 1024 ** 2, interval: { low: 105 * 1024 ** 2, high: 1.2 * 1024 ** 3 }, n: 3 },
      { value: null },
      { value: null },
    ],
  ],
};

function painted(columns: number, locale: 'en' | 'zh-CN' = 'en', times = 1): string[] {
  const rows = Array.from({ length: times }, () => table.rows).flat();
  let written = '';
  const sink = { write: (text: string) => (written += text), isTTY: true, columns };
  paintTable(new Screen(sink, locale, { NO_COLOR: '1' }), { ...table, rows });
  return written.trimEnd().split('\n');
}

describe('a table', () => {
  test('shows values, intervals and ratios side by side where there is room', () => {
    const lines = painted(120);
    expect(lines[3]).toMatch(/^web +container +512 MiB +9\.50 MiB \(9 – 10 MiB\) +1\.00 ×$/);
    expect(lines[4]).toMatch(/^web +VM \(direct boot\) +512 MiB +110 MiB \(105 – 1,229 MiB\) +—$/);
    expect(widthOf(lines[3]!)).toBe(widthOf(lines[4]!));
  });

  test('is turned where few rows do not fit side by side', () => {
    const lines = painted(66);
    expect(lines.join('\n')).toMatch(/ container +VM \(direct boot\)\n─+\nReserved +512 MiB +512 MiB\n/);
    expect(lines.join('\n')).toMatch(/Really used +9\.50 MiB \(9 – 10 MiB\) +110 MiB/);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(66);
  });

  test('moves intervals below the values where many rows do not fit', () => {
    const lines = painted(68, 'en', 3);
    expect(lines.join('\n')).toMatch(/\n +\(9 – 10 MiB\)\n/);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(72);
  });

  test('leaves out a column in which nothing was measured', () => {
    expect(painted(140).join('\n')).not.toContain('Never read');
  });

  test('comes in parts where nothing else fits, each naming its rows', () => {
    const lines = painted(52, 'en', 3);
    expect(lines.filter((line) => line.startsWith('Workload  Target'))).toHaveLength(3);
    expect(lines.join('\n')).toMatch(/Really used\n─+\nweb +container +9\.50 MiB\n +\(9 – 10 MiB\)/);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(52);
  });

  test('lines up with Chinese names', () => {
    const lines = painted(120, 'zh-CN');
    expect(lines[4]).toContain('虚拟机（跳过固件）');
    expect(widthOf(lines[3]!)).toBe(widthOf(lines[4]!));
  });
});
