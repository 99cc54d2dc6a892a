import CliTable from 'cli-table3';
import type { Cell, Interval, Table, Unit } from '../../contract/report';
import { isMessageKey, say } from '../../contract/messages';
import { showValue } from '../../contract/quantities';
import { widthOf } from './layout';
import type { Screen } from './screen';

/** No frame: columns, and one rule below the head. Copies well into mails and survives narrow terminals. */
const rules = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: '  ',
  mid: '─',
  'mid-mid': '──',
  'left-mid': '',
  'right-mid': '',
};

/** Rows of words as aligned columns; numbers to the right. */
export function grid(screen: Screen, head: string[], rows: string[][], right: boolean[] = []): string {
  const table = new CliTable({
    head: head.map((text) => screen.tone('bold', text)),
    chars: rules,
    colAligns: head.map((_, at) => (right[at] ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const nothing = '—';

/** One table of a report, as wide as the screen allows: intervals beside the values, else below them, else row by row. */
export function paintTable(screen: Screen, table: Table): void {
  screen.line(screen.tone('bold', say(screen.locale, table.title)));
  const head = table.columns.map((column) => say(screen.locale, column.title));
  const right = table.columns.map((column) => column.unit !== 'text');
  for (const separator of [' ', '\n']) {
    const rows = table.rows.map((row) => words(screen, table, row, separator));
    const painted = grid(screen, head, rows, right);
    if (painted.split('\n').every((line) => widthOf(line) <= screen.width)) return screen.line(painted);
  }
  for (const row of table.rows) paintRow(screen, head, words(screen, table, row, ' '));
}

/** A row that is too wide for the screen, as a list. */
function paintRow(screen: Screen, head: string[], cells: string[]): void {
  const widest = Math.max(...head.map(widthOf));
  head.forEach((title, at) => {
    const pad = ' '.repeat(widest - widthOf(title));
    screen.line(
      `${at === 0 ? '' : '  '}${screen.tone('dim', title)}${pad}${at === 0 ? '  ' : ''}  ${cells[at]}`,
    );
  });
}

const words = (screen: Screen, table: Table, row: Cell[], separator: string): string[] =>
  row.map((cell, at) => showCell(screen, table.columns[at]?.unit ?? 'text', cell, separator));

function showCell(screen: Screen, unit: Unit, cell: Cell, separator: string): string {
  if (cell.value === null) return nothing;
  if (typeof cell.value === 'string') return wordOf(screen, cell.value);
  const value = showValue(screen.locale, unit, cell.value);
  return cell.interval ? `${value}${separator}(${showInterval(screen, unit, cell.interval)})` : value;
}

/** Text cells may name a target or an outcome; those have words. */
function wordOf(screen: Screen, value: string): string {
  const key = [`target.${value}`, value].find(isMessageKey);
  return key ? screen.say(key) : value;
}

/** `398 – 433 ms`: the unit once, where both ends have the same. */
export function showInterval(screen: Screen, unit: Unit, { low, high }: Interval): string {
  const [from, to] = [showValue(screen.locale, unit, low), showValue(screen.locale, unit, high)];
  const [number, suffix] = [from.replace(/ \S+$/, ''), / \S+$/.exec(from)?.[0]];
  return suffix !== undefined && to.endsWith(suffix) ? `${number} – ${to}` : `${from} – ${to}`;
}
