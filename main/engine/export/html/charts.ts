import type { Locale } from '../../../contract/appearance';
import { message, nameOf, say, type MessageKey } from '../../../contract/messages';
import { showInterval, showMs, showValue } from '../../../contract/quantities';
import { hasPublished, type PublishedSpec } from '../../../contract/report/published';
import type { ChartSpec } from '../../../contract/report/report';
import type { Run } from '../../../contract/run/run';
import { paintChart } from '../svg';
import { escape, table, type HtmlCell, type HtmlTable } from './markup';

/** Every chart as a drawing, with its figures as a table behind it; paper has those in the report's own tables. */
export const charts = (run: Run, locale: Locale, printed: boolean): string =>
  (run.report?.charts ?? [])
    .map((spec) => {
      const behind = printed
        ? ''
        : `\n<details><summary>${escape(message(locale, 'ui.chart.table'))}</summary>\n${tablesOf(spec, locale).map(table).join('\n')}\n</details>`;
      const drawing = paintChart(spec, locale).trimEnd();
      return `<figure data-name="${escape(spec.id)}">\n${drawing}${behind}\n</figure>`;
    })
    .join('\n');

const tablesOf = (spec: ChartSpec, locale: Locale): HtmlTable[] => [
  tableOf(spec, locale),
  ...(hasPublished(spec) ? [publishedTable(spec, locale)] : []),
];

function tableOf(spec: ChartSpec, locale: Locale): HtmlTable {
  const caption = `${message(locale, 'ui.chart.table')}: ${say(locale, spec.title)}`;
  if (spec.kind === 'bars') return { caption, ...barTable(spec, locale) };
  return { caption, ...(spec.kind === 'lines' ? lineTable(spec, locale) : spanTable(spec, locale)) };
}

type Of<K extends ChartSpec['kind']> = Extract<ChartSpec, { kind: K }>;
type Body = Omit<HtmlTable, 'caption'>;

const column = (locale: Locale, key: MessageKey, numeric = true) => ({
  title: message(locale, key),
  numeric,
});

const figure = (locale: Locale, unit: ChartSpec['unit'], value: number | null | undefined): HtmlCell =>
  value === null || value === undefined ? { words: '–' } : { words: showValue(locale, unit, value), value };

function barTable(spec: Of<'bars'>, locale: Locale): Body {
  const show = (value: number | null | undefined) => figure(locale, spec.unit, value);
  const has = {
    total: spec.series.length > 1,
    interval: spec.bars.some(({ interval }) => interval),
    outline: spec.bars.some(({ outline }) => outline !== undefined),
  };
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      ...spec.series.map(({ label }) => ({ title: say(locale, label), numeric: true })),
      ...(has.total ? [column(locale, 'ui.table.total')] : []),
      ...(has.interval ? [column(locale, 'chart.legend.interval')] : []),
      ...(has.outline ? [column(locale, 'chart.legend.outline')] : []),
    ],
    rows: spec.bars.map(({ label, values, interval, outline }) => {
      const read = values.filter((value) => value !== null);
      const total = read.length > 0 ? read.reduce((sum, value) => sum + value, 0) : null;
      return [
        { words: say(locale, label) },
        ...spec.series.map((_, at) => show(values[at])),
        ...(has.total ? [show(total)] : []),
        ...(has.interval
          ? [
              interval
                ? { words: showInterval(locale, spec.unit, interval), value: interval.low }
                : { words: '–' },
            ]
          : []),
        ...(has.outline ? [show(outline)] : []),
      ];
    }),
  };
}

const publishedTable = ({ title, references }: PublishedSpec, locale: Locale): HtmlTable => ({
  caption: `${message(locale, 'published.title')}: ${say(locale, title)}`,
  columns: [
    column(locale, 'published.title', false),
    column(locale, 'published.value'),
    column(locale, 'published.conditions', false),
    column(locale, 'published.source', false),
  ],
  rows: references.map(({ label, value, published, conditions, source }) => [
    { words: say(locale, label) },
    { words: published, value },
    { words: say(locale, conditions) },
    { words: source },
  ]),
});

function lineTable(spec: Of<'lines'>, locale: Locale): Body {
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      column(locale, 'ui.table.readings'),
      column(locale, 'ui.table.until'),
      column(locale, 'ui.table.highest'),
      column(locale, 'ui.table.last'),
    ],
    rows: spec.lines.map(({ label, points }) => {
      const last = points.at(-1);
      const highest = points.reduce<number | undefined>((most, { y }) => Math.max(most ?? y, y), undefined);
      return [
        { words: say(locale, label) },
        figure(locale, 'count', points.length),
        figure(locale, 'ms', last?.xMs),
        figure(locale, spec.unit, highest),
        figure(locale, spec.unit, last?.y),
      ];
    }),
  };
}

function spanTable(spec: Of<'spans'>, locale: Locale): Body {
  const time = (value: number): HtmlCell => ({ words: showMs(locale, value), value });
  return {
    columns: [
      column(locale, 'ui.table.what', false),
      column(locale, 'ui.table.phase', false),
      column(locale, 'ui.table.from'),
      column(locale, 'ui.table.until'),
      column(locale, 'ui.table.took'),
    ],
    rows: spec.rows.flatMap(({ label, spans }) =>
      spans.map(({ phase, fromMs, toMs }) => [
        { words: say(locale, label) },
        { words: nameOf(locale, 'phase', phase) },
        time(fromMs),
        time(toMs),
        time(toMs - fromMs),
      ]),
    ),
  };
}
