import CliTable from 'cli-table3';
import { say } from '../../../contract/messages';
import type { Cell, Table } from '../../../contract/report/report';
import { cellWords, columnScale } from '../../../contract/report/cells';
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

/** One table of a report in the first layout that fits: as it is, turned, with intervals below the values, or in parts. */
export function paintTable(screen: Screen, whole: Table): void {
  const table = withoutEmptyColumns(whole);
  screen.line(screen.tone('bold', say(screen.locale, table.title)));
  const layouts = [upright, turned].flatMap((layout) =>
    [' ', '\n'].map((separator) => () => layout(screen, table, separator)),
  );
  if (table.rows.length <= fewRows) layouts.splice(3, 0, layouts.splice(1, 1)[0]!); // turned before intervals move
  layouts.push(() => inParts(screen, table, ' '));
  for (const layout of layouts) {
    const painted = layout();
    if (fits(screen, painted)) return withNote(screen, painted, table);
  }
  withNote(screen, inParts(screen, table, '\n'), table);
}

function withNote(screen: Screen, painted: string, { note }: Table): void {
  screen.line(painted);
  if (note) screen.paragraph(screen.tone('dim', say(screen.locale, note)));
}

/** @param indent  columns before each line */
export const fits = (screen: Screen, painted: string, indent = 0): boolean =>
  painted.split('\n').every((line) => widthOf(line) + indent <= screen.width);

/** A column in which nothing was measured on any row says nothing. */
function withoutEmptyColumns(table: Table): Table {
  const kept = table.columns.map((_, at) => table.rows.some((row) => (row[at]?.value ?? null) !== null));
  const keep = <T>(list: T[]): T[] => list.filter((_, at) => kept[at]);
  return { ...table, columns: keep(table.columns), rows: table.rows.map(keep) };
}

const titles = (screen: Screen, table: Table): string[] =>
  table.columns.map(({ title }) => say(screen.locale, title));

const words = (screen: Screen, table: Table, row: Cell[], separator: string): string[] =>
  row.map((cell, at) => {
    const { value, interval } = cellWords(table.columns[at]!, cell, screen.locale, columnScale(table, at));
    return interval === undefined ? value : `${value}${separator}(${interval})`;
  });

function upright(screen: Screen, table: Table, separator: string): string {
  const rows = table.rows.map((row) => words(screen, table, row, separator));
  const right = table.columns.map((column) => column.unit !== 'text');
  return grid(screen, titles(screen, table), rows, right);
}

/** What a row is about. */
const pairColumns = (table: Table): number[] =>
  table.columns.flatMap(({ id }, at) => (id === 'workload' || id === 'target' ? [at] : []));

/** The rows become columns, named by workload and target; what all of them share is left out of the names. */
function turned(screen: Screen, table: Table, separator: string): string {
  const rows = table.rows.map((row) => words(screen, table, row, separator));
  const pair = pairColumns(table);
  const differing = pair.filter((at) => new Set(rows.map((row) => row[at])).size > 1);
  const naming = [differing, pair, [0]].find((list) => list.length > 0)!;
  const names = rows.map((row) => naming.map((at) => row[at]).join(' · '));
  const lines = titles(screen, table).flatMap((title, at) =>
    pair.includes(at) || naming.includes(at) ? [] : [[title, ...rows.map((row) => row[at]!)]],
  );
  return grid(screen, ['', ...names], lines, [false, ...names.map(() => true)]);
}

/** Tables below each other, each with the columns that say what a row is about and as many others as fit. */
function inParts(screen: Screen, table: Table, separator: string): string {
  const pair = pairColumns(table);
  const only = (columns: number[]): string => {
    const pick = <T>(list: T[]): T[] => columns.map((at) => list[at]!);
    return upright(screen, { ...table, columns: pick(table.columns), rows: table.rows.map(pick) }, separator);
  };
  const parts: number[][] = [];
  for (const at of table.columns.keys()) {
    if (pair.includes(at)) continue;
    const current = parts.at(-1);
    if (current && fits(screen, only([...current, at]))) current.push(at);
    else parts.push([...pair, at]);
  }
  return parts.map(only).join('\n\n');
}
