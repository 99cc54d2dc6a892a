import CliTable from 'cli-table3';
import { say } from '../../contract/messages';
import type { Cell, Table } from '../../contract/report';
import { showCell } from './cells';
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

/** Up to this many rows are easier to compare as columns, when a table is too wide as it is. */
const fewRows = 4;

/** One table of a report in the first layout that fits the screen: as it is, turned, with intervals below the values, or as lists. */
export function paintTable(screen: Screen, whole: Table): void {
  const table = withoutEmptyColumns(whole);
  screen.line(screen.tone('bold', say(screen.locale, table.title)));
  const upright = [' ', '\n'].map((separator) => () => paintUpright(screen, table, separator));
  const turned = [' ', '\n'].map((separator) => () => paintTurned(screen, table, separator));
  const layouts =
    table.rows.length <= fewRows ? [upright[0]!, ...turned, upright[1]!] : [...upright, ...turned];
  for (const layout of layouts) {
    const painted = layout();
    if (painted.split('\n').every((line) => widthOf(line) <= screen.width)) return screen.line(painted);
  }
  for (const row of table.rows) paintList(screen, table, row);
}

/** A column in which nothing was measured on any row says nothing. */
function withoutEmptyColumns(table: Table): Table {
  const kept = table.columns.map((_, at) => table.rows.some((row) => (row[at]?.value ?? null) !== null));
  const keep = <T>(list: T[]): T[] => list.filter((_, at) => kept[at]);
  return { ...table, columns: keep(table.columns), rows: table.rows.map(keep) };
}

const titles = (screen: Screen, table: Table): string[] =>
  table.columns.map(({ title }) => say(screen.locale, title));

const words = (screen: Screen, table: Table, row: Cell[], separator: string): string[] =>
  row.map((cell, at) => showCell(screen, table.columns[at]!, cell, separator));

function paintUpright(screen: Screen, table: Table, separator: string): string {
  const rows = table.rows.map((row) => words(screen, table, row, separator));
  const right = table.columns.map((column) => column.unit !== 'text');
  return grid(screen, titles(screen, table), rows, right);
}

/** The rows become columns, named by workload and target; what all of them share is left out of the names. */
function paintTurned(screen: Screen, table: Table, separator: string): string {
  const rows = table.rows.map((row) => words(screen, table, row, separator));
  const pair = table.columns.flatMap(({ id }, at) => (id === 'workload' || id === 'target' ? [at] : []));
  const differing = pair.filter((at) => new Set(rows.map((row) => row[at])).size > 1);
  const naming = [differing, pair, [0]].find((list) => list.length > 0)!;
  const names = rows.map((row) => naming.map((at) => row[at]).join(' · '));
  const turned = titles(screen, table).flatMap((title, at) =>
    pair.includes(at) || naming.includes(at) ? [] : [[title, ...rows.map((row) => row[at]!)]],
  );
  return grid(screen, ['', ...names], turned, [false, ...names.map(() => true)]);
}

/** A row that is too wide for the screen in every layout. */
function paintList(screen: Screen, table: Table, row: Cell[]): void {
  const head = titles(screen, table);
  const widest = Math.max(...head.map(widthOf));
  words(screen, table, row, ' ').forEach((text, at) => {
    const pad = ' '.repeat(widest - widthOf(head[at]!));
    screen.line(
      `${at === 0 ? '' : '  '}${screen.tone('dim', head[at]!)}${pad}${at === 0 ? '    ' : '  '}${text}`,
    );
  });
}
