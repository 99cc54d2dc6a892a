/** The figures of a chart as a table, for whoever cannot see it or wants to read them exactly. */
import type { Locale } from '../contract/appearance';
import { message, nameOf, say, type MessageKey } from '../contract/messages';
import { showInterval, showMs, showValue } from '../contract/quantities';
import type { PublishedSpec } from '../contract/report/published';
import type { ChartSpec, Interval } from '../contract/report/report';
import type { ForestSpec } from './forest/forest';
import { isGap } from './points';
import { acrossOf, hasOutline, totalOf, type BarsSpec, type LinesSpec, type SpansSpec } from './spec';

interface TableFigure {
  words: string;
  /** what it is sorted by: the value itself, not its words */
  value?: number;
}

export interface FigureTable {
  /** the first names the rows */
  columns: { title: string; numeric: boolean }[];
  rows: { name: string; target?: string; figures: TableFigure[] }[];
}

const none: TableFigure = { words: '–' };

export function figureTable(spec: ChartSpec, locale: Locale): FigureTable {
  switch (spec.kind) {
    case 'bars':
      return barTable(spec, locale);
    case 'lines':
      return lineTable(spec, locale);
    case 'spans':
      return spanTable(spec, locale);
    case 'forest':
      return forestTable(spec, locale);
  }
}

const column = (locale: Locale, key: MessageKey, numeric = true) => ({
  title: message(locale, key),
  numeric,
});

const figureIn =
  (locale: Locale, unit: ChartSpec['unit']) =>
  (value: number | null | undefined): TableFigure =>
    value === null || value === undefined ? none : { words: showValue(locale, unit, value), value };

function barTable(spec: BarsSpec, locale: Locale): FigureTable {
  const show = figureIn(locale, spec.unit);
  const range = (interval: Interval | undefined): TableFigure =>
    interval ? { words: showInterval(locale, spec.unit, interval), value: interval.low } : none;
  const each = (points: readonly number[] = []): TableFigure =>
    points.length > 0 ? { words: points.map((point) => show(point).words).join(' · ') } : none;
  type Bar = BarsSpec['bars'][number];
  const extra: [is: boolean, key: MessageKey, figure: (bar: Bar) => TableFigure][] = [
    [spec.series.length > 1, 'ui.table.total', (bar) => show(totalOf(bar))],
    [spec.bars.some(({ interval }) => interval), 'chart.legend.interval', ({ interval }) => range(interval)],
    [
      spec.bars.some(({ quartiles }) => quartiles),
      'chart.legend.quartiles',
      ({ quartiles }) => range(quartiles),
    ],
    [hasOutline(spec), 'chart.legend.outline', ({ outline }) => show(outline)],
    [spec.bars.some(({ points }) => points?.length), 'ui.chart.point', ({ points }) => each(points)],
  ];
  const shown = extra.filter(([is]) => is);
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      ...spec.series.map(({ label }) => ({ title: say(locale, label), numeric: true })),
      ...shown.map(([, key]) => column(locale, key)),
    ],
    rows: spec.bars.map((bar) => ({
      name: say(locale, bar.label),
      target: bar.target,
      figures: [
        ...spec.series.map((_, at) => show(bar.values[at])),
        ...shown.map(([, , figure]) => figure(bar)),
      ],
    })),
  };
}

function lineTable(spec: LinesSpec, locale: Locale): FigureTable {
  const show = figureIn(locale, spec.unit);
  const x = figureIn(locale, acrossOf(spec).unit);
  const count = figureIn(locale, 'count');
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      column(locale, 'ui.table.readings'),
      column(locale, 'ui.table.from'),
      column(locale, 'ui.table.until'),
      column(locale, 'ui.table.highest'),
      column(locale, 'ui.table.last'),
    ],
    rows: spec.lines.map(({ label, target, points }) => {
      const read = points.filter((point) => !isGap(point));
      const highest = read.reduce<number | undefined>((most, { y }) => Math.max(most ?? y, y), undefined);
      return {
        name: say(locale, label),
        target,
        figures: [
          count(read.length),
          x(points[0]?.xMs),
          x(points.at(-1)?.xMs),
          show(highest),
          show(read.at(-1)?.y),
        ],
      };
    }),
  };
}

function spanTable(spec: SpansSpec, locale: Locale): FigureTable {
  const time = (value: number): TableFigure => ({ words: showMs(locale, value), value });
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      column(locale, 'ui.table.phase', false),
      column(locale, 'ui.table.from'),
      column(locale, 'ui.table.until'),
      column(locale, 'ui.table.took'),
    ],
    rows: spec.rows.flatMap(({ label, target, spans }) =>
      spans.map(({ phase, fromMs, toMs }) => ({
        name: say(locale, label),
        target,
        figures: [{ words: nameOf(locale, 'phase', phase) }, time(fromMs), time(toMs), time(toMs - fromMs)],
      })),
    ),
  };
}

function forestTable({ rows, pooled }: ForestSpec, locale: Locale): FigureTable {
  const ratio = figureIn(locale, 'times');
  const share = figureIn(locale, 'percent');
  const range = (interval: Interval | undefined): TableFigure =>
    interval ? { words: showInterval(locale, 'times', interval), value: interval.low } : none;
  const weighed = rows.some(({ weight }) => weight !== undefined);
  const all: (Pick<ForestSpec['rows'][number], 'label' | 'ratio' | 'interval'> & {
    target?: string;
    weight?: number | undefined;
  })[] = [...rows, ...(pooled ? [pooled] : [])];
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      column(locale, 'ui.comparison.ratio'),
      column(locale, 'chart.legend.interval'),
      ...(weighed ? [column(locale, 'column.weight')] : []),
    ],
    rows: all.map(({ label, target, ratio: value, interval, weight }) => ({
      name: say(locale, label),
      ...(target !== undefined && { target }),
      figures: [
        ratio(value),
        range(interval),
        ...(weighed ? [share(weight === undefined ? undefined : weight * 100)] : []),
      ],
    })),
  };
}

export const publishedTable = ({ references }: PublishedSpec, locale: Locale): FigureTable => ({
  columns: [
    column(locale, 'published.title', false),
    column(locale, 'published.value'),
    column(locale, 'published.conditions', false),
    column(locale, 'published.source', false),
  ],
  rows: references.map(({ label, value, published, conditions, source }) => ({
    name: say(locale, label),
    figures: [{ words: published, value }, { words: say(locale, conditions) }, { words: source }],
  })),
});
