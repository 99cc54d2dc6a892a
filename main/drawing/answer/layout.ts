/** Where everything of an answer's picture stands: columns across, sides below each other. */
import type { Locale } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import type { Answer, AnswerRow, AnswerSide } from '../../contract/report/report';
import type { Format } from '../format';
import type { Box } from '../shapes';
import { stripHeight } from '../strip';
import { widest, widthOf, wrap } from '../words';
import { nameOfSide, ratioOf, shownIn } from './figures';

export const heavy = 650;
export const columnGap = 14;
/** where names would take more than this share of the width, they stand above their bars */
const mostForNames = 0.34;
/** the least width of the bars, in pixels */
const leastBars = 24;

/** A side with everything in words. */
interface Told {
  side: AnswerSide;
  name: string;
  value: string;
  ratio: ReturnType<typeof ratioOf>;
  /** what must be known besides */
  details: string[];
}

export interface Group {
  row: AnswerRow;
  title: string;
  /** of what, where there are several applications */
  about: string;
  sides: Told[];
  /** the value at the right end of the bars */
  end: number;
}

/** `5.8 + 57 MiB`: the unit once, where both have the same. */
function withShared(show: (value: number) => string, own: number, shared: number) {
  const [value, more] = [show(own), show(shared)];
  const unit = / \S+$/.exec(more)?.[0] ?? '';
  return { value: unit !== '' && value.endsWith(unit) ? value.slice(0, -unit.length) : value, shared: more };
}

/** How far a whisker may stretch the axis of a row, in lengths of its longest bar. */
const mostBeyond = 1.25;

export function groupsOf({ rows }: Pick<Answer, 'rows'>, locale: Locale): Group[] {
  const firstEmulated = rows
    .flatMap(({ unit, sides }) => (unit === 'ms' ? sides : []))
    .find((one) => one.emulated);
  return rows.map((row) => {
    const show = shownIn(locale, row);
    const longest = Math.max(...row.sides.map(({ value, shared }) => value + (shared?.value ?? 0)));
    const furthest = Math.max(
      longest,
      ...row.sides.map(({ interval, points = [] }) => Math.max(interval?.high ?? 0, ...points)),
    );
    return {
      row,
      title: message(locale, `picture.${row.id}`),
      about: row.about ? say(locale, row.about) : '',
      sides: row.sides.map((side) => ({
        side,
        name: nameOfSide(side, locale),
        value: side.shared
          ? message(locale, 'picture.with-shared', withShared(show, side.value, side.shared.value))
          : show(side.value),
        ratio: ratioOf(locale, side, row.unit),
        details: detailsOf(side, show, side === firstEmulated, locale),
      })),
      end: Math.min(furthest, longest * mostBeyond) || 1,
    };
  });
}

function detailsOf(
  { value, first, shared }: AnswerSide,
  show: (value: number) => string,
  saysEmulated: boolean,
  locale: Locale,
): string[] {
  return [
    first === undefined || show(first) === show(value)
      ? ''
      : message(locale, 'picture.first', { first: show(first), further: show(value) }),
    shared
      ? message(locale, 'picture.shared', { amount: show(shared.value), what: say(locale, shared.label) })
      : '',
    saysEmulated ? message(locale, 'picture.emulated') : '',
  ].filter(Boolean);
}

/** Where the columns stand. */
export interface Columns {
  /** groups' titles stand in a column of their own; else above their sides */
  titlesBeside: boolean;
  /** names stand left of their bars; else above them */
  namesBeside: boolean;
  names: number;
  /** the bars */
  left: number;
  right: number;
  /** where values and ratios end */
  values: number;
  ratios: number;
}

export function columnsOf(groups: readonly Group[], format: Format): Columns {
  const { width, margin, label, isNarrow } = format;
  const sides = groups.flatMap((group) => group.sides);
  const titlesBeside = !isNarrow;
  const titles = titlesBeside ? titleRoom(groups, format) + columnGap : 0;
  const names =
    widest(
      sides.map(({ name }) => name),
      label,
    ) + columnGap;
  const ratios = width - margin;
  const ratioRoom = widest(
    sides.map(({ ratio }) => ratio.words),
    ratioSize(format),
    700,
  );
  const values = ratios - (ratioRoom > 0 ? ratioRoom + columnGap : 0);
  const valueRoom = widest(
    sides.map(({ value }) => value),
    format.value,
    heavy,
  );
  const bars = values - valueRoom - columnGap - margin - titles;
  const namesBeside = names <= (width - 2 * margin) * mostForNames && names + leastBars <= bars;
  const left = margin + titles + (namesBeside ? names : 0);
  return {
    titlesBeside,
    namesBeside,
    names: margin + titles,
    left,
    right: Math.max(left + leastBars, values - valueRoom - columnGap),
    values,
    ratios,
  };
}

/** Titles stand in one line, what they are of wraps below. */
const titleRoom = (groups: readonly Group[], { label, detail }: Format): number =>
  Math.max(
    widest(
      groups.map(({ title }) => title),
      label,
      heavy,
    ),
    groups.some(({ about }) => about !== '') ? detail * aboutWidth : 0,
  );

/** in font sizes */
const aboutWidth = 10.5;

export const ratioSize = ({ value }: Format): number => Math.round(value * 1.3 * 10) / 10;

/** A side's place, line by line. */
export interface Place {
  told: Told;
  group: Group;
  /** of its name, where that stands above */
  nameY: number;
  bar: Box;
  details: { x: number; y: number; words: string }[];
}

interface Layout {
  titles: { words: string; y: number }[];
  abouts: { words: string; y: number }[];
  places: Place[];
  /** from where to where each group's bars go down */
  grounds: [number, number][];
  height: number;
}

export function layOut(
  groups: readonly Group[],
  columns: Columns,
  format: Format,
  locale: Locale,
  top: number,
): Layout {
  const { label, detail } = format;
  const thickness = Math.round(label * 1.35);
  const laid: Layout = { titles: [], abouts: [], places: [], grounds: [], height: 0 };
  let y = top;
  groups.forEach((group, at) => {
    if (at > 0) y += label;
    const lineHeight = Math.round(detail * 1.35);
    const aboutRoom = columns.titlesBeside
      ? columns.names - format.margin - columnGap
      : columns.ratios - format.margin;
    const about = wrap(group.about, aboutRoom, detail);
    const titleY = y + (columns.titlesBeside ? thickness : label) / 2;
    laid.titles.push({ words: group.title, y: titleY });
    laid.abouts.push(
      ...about.map((words, number) => ({ words, y: titleY + label * 0.4 + (number + 1) * lineHeight })),
    );
    const headEnd = titleY + label * 0.8 + about.length * lineHeight;
    if (!columns.titlesBeside) y = headEnd + label * 0.3;
    const from = y;
    const under = stripHeight(
      group.sides.map(({ side }) => readingsOf(side)),
      group.end,
      format,
    );
    for (const told of group.sides) {
      const nameY = y + label / 2;
      if (!columns.namesBeside) y += label * 1.5;
      const bar = { x: columns.left, y, width: columns.right - columns.left, height: thickness };
      const details = detailsAt(told, group, bar, under, columns, format, locale);
      laid.places.push({ told, group, nameY, bar, details });
      y = Math.max(y + thickness + under, (details.at(-1)?.y ?? 0) + 3) + 6;
    }
    y -= 6;
    laid.grounds.push([from, y]);
    y = Math.max(y, headEnd);
  });
  laid.height = y - top;
  return laid;
}

/** Beside the bar where there is room, else beside its points, else below, in lines. */
function detailsAt(
  { side, details }: Told,
  { end }: Group,
  bar: Box,
  under: number,
  columns: Columns,
  { detail, dot }: Format,
  locale: Locale,
): Place['details'] {
  if (details.length === 0) return [];
  const at = (value: number) => bar.x + Math.min(1, value / end) * bar.width;
  const words = listed(details, locale);
  const room = widthOf(words, detail) + detail;
  const beside = at(side.value + (side.shared?.value ?? 0)) + 8;
  if (beside + room <= columns.right)
    return [{ x: beside, y: bar.y + bar.height / 2 + detail * 0.36, words }];
  const afterPoints = at(Math.max(side.value, side.interval?.high ?? 0, ...(side.points ?? []))) + dot + 8;
  const below = bar.y + bar.height + detail + 1;
  if (under > 0 && afterPoints + room <= columns.right) return [{ x: afterPoints, y: below, words }];
  return details
    .flatMap((one) => wrap(one, columns.ratios - columns.left - 4 - detail, detail))
    .map((line, number) => ({
      x: columns.left + 4,
      y: below + under + number * Math.round(detail * 1.35),
      words: line,
    }));
}

const listed = (all: readonly string[], locale: Locale): string => all.join(locale === 'zh-CN' ? '；' : '; ');

export const readingsOf = ({ value, points, interval }: AnswerSide) => ({ middle: value, points, interval });
