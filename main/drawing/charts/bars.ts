/** Bars that lie, a row per workload and target: their parts one after the other, and what was measured in a strip below each. */
import type { ChartDataset, TooltipItem } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Locale } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import { showInterval, showValue } from '../../contract/quantities';
import { endWithPublished, hasPublished } from '../../contract/report/published';
import type { PublishedFigure } from '../../contract/report/report';
import { timesWords } from '../answer/figures';
import { colourKind, lookOf, type Look } from '../palette';
import {
  endOf,
  isEmulated,
  largest,
  quantityOf,
  shadesOfSeries,
  totalOf,
  type Bar,
  type BarsSpec,
} from '../spec';
import { barLegend } from './barLegend';
import {
  axisOptions,
  column,
  commonOptions,
  quantityFor,
  rowAxis,
  tooltipOptions,
  type Drawing,
  type View,
} from './common';

/** Reservations this many times the largest value would squeeze the parts of stacked bars into nothing: they run off the axis. */
const stackedReach = 4;
const plainReach = 60;

/** in pixels: of a row without and with a strip below its bar, and of all that is no row */
const rowHeight = { plain: 36, withStrip: 50 };
const aroundRows = 56;
/** More measurements than these are small. */
const mostLarge = 40;

/** What is drawn from a specification: its bars, what all of a kind share once, and what others have published, a row each. */
interface Sheet {
  spec: BarsSpec;
  view: View;
  look: Look;
  /** of the axis' unit in the specification's */
  size: number;
  bars: readonly Bar[];
  shared: readonly Shared[];
  published: readonly PublishedFigure[];
  labels: string[];
  hasStrip: boolean;
  show: (value: number) => string;
}

interface Shared {
  series: number;
  value: number;
}

/** What exists once and would be drawn in many bars has a row of its own instead. */
function sharedOf({ series, bars }: BarsSpec): Shared[] {
  return series.flatMap((one, at) => {
    const values = bars.map((bar) => bar.values[at] ?? 0).filter((value) => value > 0);
    const isOneOfMany = one.shared && values.length > 1 && new Set(values).size === 1;
    return isOneOfMany ? [{ series: at, value: values[0]! }] : [];
  });
}

/** The bars without what has a row of its own. */
const ownBars = ({ bars }: BarsSpec, shared: readonly Shared[]): Bar[] =>
  bars.map((bar) => ({
    ...bar,
    values: bar.values.map((value, at) => (shared.some(({ series }) => series === at) ? null : value)),
  }));

export function bars(spec: BarsSpec, view: View): Drawing {
  const { locale, theme } = view;
  const look = lookOf(theme);
  const shared = sharedOf(spec);
  const own = ownBars(spec, shared);
  const published = hasPublished(spec) ? spec.references : [];
  const measured = largest([...own.map(endOf), ...shared.map(({ value }) => value)]);
  const reserved = largest(own.map((bar) => bar.outline ?? 0));
  const reach = spec.series.length > 1 ? stackedReach : plainReach;
  const reservesWhole = reserved > 0 && (view.withReserved ?? reserved <= measured * reach);
  const end = Math.max(reservesWhole ? reserved : 0, endWithPublished(measured, spec));
  const { size, title } = quantityFor(spec.unit, [end], quantityOf(spec), locale);
  const sheet: Sheet = {
    ...{ spec, view, look, size, shared, published, bars: own },
    labels: [
      ...own.map(({ label }) => say(locale, label)),
      ...shared.map(({ series }) => say(locale, spec.series[series]!.label)),
      ...published.map(({ label }) => say(locale, label)),
    ],
    hasStrip: own.some(({ points, quartiles }) => (points?.length ?? 0) > 0 || quartiles !== undefined),
    show: (value) => showValue(locale, spec.unit, value),
  };
  const ratios = ratiosOf(spec, locale);
  const row = sheet.hasStrip ? rowHeight.withStrip : rowHeight.plain;
  const strong = { color: look.text, weight: 600 };
  const datasets = datasetsOf(sheet);
  return {
    height: sheet.labels.length * row + aroundRows,
    legend: barLegend(spec, ratios.some(Boolean), locale, look),
    description: descriptionOf(sheet, ratios),
    configuration: {
      type: 'bar',
      data: { labels: sheet.labels, datasets },
      options: {
        ...commonOptions(locale),
        indexAxis: 'y',
        scales: {
          x: { ...axisOptions(look, title), beginAtZero: true, suggestedMax: end / size },
          y: rowAxis(look, sheet.labels),
          ...columnsOf(sheet, ratios, strong),
        },
        plugins: {
          annotation: { annotations: [...outlinesOf(sheet, reservesWhole), ...publishedOf(sheet, end)] },
          hatching: { bars: hatchedIn(sheet, datasets), colour: look.surface },
          tooltip: {
            ...tooltipOptions(look),
            filter: ({ dataset }) => dataset.label !== undefined,
            callbacks: tooltipsOf(sheet, ratios),
          },
        },
      },
    },
  };
}

function columnsOf(
  { spec, view: { locale }, bars: all, shared, published, look, show }: Sheet,
  ratios: readonly string[],
  strong: { color: string; weight: number },
): Record<string, object> {
  const below = [...shared, ...published].map(() => '');
  const missing = message(locale, 'chart.missing');
  const figures = all.map((bar) => {
    const total = totalOf(bar);
    return total === null ? missing : show(total);
  });
  const details = all.map(({ interval, outline: limit }) => [
    ...(interval ? [showInterval(locale, spec.unit, interval)] : []),
    ...(limit === undefined ? [] : [message(locale, 'chart.beyond', { amount: show(limit) })]),
  ]);
  const columns = {
    figures: column(
      [...figures, ...shared.map(({ value }) => show(value)), ...published.map((one) => one.published)],
      strong,
    ),
    details: column([...details, ...below], { color: look.muted, weight: 400, isDetail: true }),
    ratios: column([...ratios, ...below], strong),
  };
  const shown = Object.entries(columns).filter(([, one]) => one !== undefined) as [string, object][];
  return Object.fromEntries(shown.map(([id, one], at) => [id, { ...one, weight: at + 1 }]));
}

/** From here on the shorter of two bars can hardly be seen, so that words must tell the ratio. */
const vanishing = 10;

/** What each bar is times the base, as the report has it, where any is more than ten times that; else empty. */
function ratiosOf({ bars: all }: BarsSpec, locale: Locale): string[] {
  const isNeeded = all.some(({ times = 1 }) => times > vanishing || times < 1 / vanishing);
  return all.map(({ times }) => (isNeeded && times !== undefined ? timesWords(locale, times) : ''));
}

/** Between the middle of a row and that of its strip, as a share of the row. */
const stripBelow = 0.33;

function datasetsOf(sheet: Sheet): ChartDataset[] {
  const { spec, bars: all, shared, size, look, view, hasStrip } = sheet;
  const shades = shadesOfSeries(spec);
  const parts = spec.series.map(({ label, shared: isHollow = false }, series) => {
    const fillOf = ({ target }: Bar) => {
      const kind = colourKind(target);
      return isHollow ? 'transparent' : look.fill(kind, shades[series]!.get(kind) ?? 0);
    };
    const edgeOf = ({ target }: Bar) => (isHollow ? look.muted : look.fill(colourKind(target), edgeShade));
    return {
      type: 'bar',
      label: say(view.locale, label),
      order: 1,
      stack: 'parts',
      hidden: view.hidden?.has(series) ?? false,
      data: [
        ...all.map(({ values }) => scaled(values[series] ?? null, size)),
        ...shared.map((one) => (one.series === series ? one.value / size : null)),
      ],
      backgroundColor: [...all.map(fillOf), ...shared.map(() => 'transparent')],
      // pale parts are seen by their edge
      borderColor: [...all.map(edgeOf), ...shared.map(() => look.muted)],
      borderWidth: 1,
      borderSkipped: false,
      minBarLength: 2,
      categoryPercentage: hasStrip ? 0.44 : 0.64,
      barPercentage: 1,
    };
  });
  return [...parts, ...intervalsOf(sheet), ...quartilesOf(sheet), ...pointsOf(sheet)] as ChartDataset[];
}

const scaled = (value: number | null, size: number): number | null => (value === null ? null : value / size);

/** the darkest on paper, the lightest on a dark surface */
const edgeShade = 4;

/** A bar without an area, whose error bar has a halo that keeps it readable on any fill. */
function intervalsOf({ bars: all, size, look, hasStrip }: Sheet): object[] {
  if (all.every(({ interval }) => interval === undefined)) return [];
  return [
    {
      type: 'barWithErrorBars',
      order: 0,
      grouped: false,
      data: all.map((bar, y) => ({
        ...{ y, x: (totalOf(bar) ?? 0) / size },
        ...(bar.interval && {
          xMin: [bar.interval.low / size, bar.interval.low / size],
          xMax: [bar.interval.high / size, bar.interval.high / size],
        }),
      })),
      backgroundColor: 'transparent',
      categoryPercentage: hasStrip ? 0.44 : 0.64,
      errorBarColor: { v: [look.text, look.surface] },
      errorBarWhiskerColor: { v: [look.text, look.surface] },
      errorBarLineWidth: { v: [1.6, 4] },
      errorBarWhiskerLineWidth: { v: [1.6, 4] },
      errorBarWhiskerRatio: { v: [0.5, 0.6] },
    },
  ];
}

/** The middle half of the measurements, as a thick line behind them. */
function quartilesOf({ bars: all, size, look }: Sheet): object[] {
  if (all.every(({ quartiles }) => quartiles === undefined)) return [];
  return [
    {
      type: 'line',
      order: 0.5,
      parsing: false,
      data: all.flatMap(({ quartiles }, at) =>
        quartiles
          ? [quartiles.low, quartiles.high, NaN].map((value) => ({ x: value / size, y: at + stripBelow }))
          : [],
      ),
      borderColor: look.grid,
      borderWidth: 10,
      pointRadius: 0,
      pointHitRadius: 0,
    },
  ];
}

function pointsOf({ bars: all, size, look, view }: Sheet): object[] {
  const points = all.flatMap(({ points: of = [] }, at) =>
    of.map((value) => ({ x: value / size, y: at + stripBelow })),
  );
  if (points.length === 0) return [];
  const most = largest(all.map(({ points: of = [] }) => of.length));
  return [
    {
      type: 'scatter',
      label: message(view.locale, 'chart.legend.point'),
      order: 0,
      parsing: false,
      data: points,
      backgroundColor: look.surface,
      borderColor: look.text,
      borderWidth: 1.1,
      pointRadius: most > mostLarge ? 1.9 : 2.7,
    },
  ];
}

const hatchedIn = ({ spec, bars: all }: Sheet, datasets: readonly ChartDataset[]): boolean[][] =>
  datasets.map((_, at) => (at < spec.series.length ? all.map((bar) => isEmulated(spec, bar)) : []));

/** Reservations: a frame around a row. Where it goes on beyond the axis it is open on the right. */
const outlinesOf = (
  { bars: all, size, look, hasStrip }: Sheet,
  reservesWhole: boolean,
): AnnotationOptions[] =>
  all.flatMap(({ outline: limit }, at) =>
    limit === undefined
      ? []
      : [
          {
            type: 'box',
            ...{ xMin: 0, xMax: limit / size, yMin: at - 0.36, yMax: at + (hasStrip ? 0.45 : 0.36) },
            adjustScaleRange: reservesWhole,
            backgroundColor: 'transparent',
            borderColor: look.muted,
            borderWidth: 1.2,
          } satisfies AnnotationOptions,
        ],
  );

/** Published figures: thin lines that nobody takes for bars, with an arrow where they go on beyond the axis. */
const publishedOf = ({ bars: all, shared, published, size, look }: Sheet, end: number): AnnotationOptions[] =>
  published.flatMap(({ value }, at): AnnotationOptions[] => {
    const y = all.length + shared.length + at;
    const place = { adjustScaleRange: false, yMin: y, yMax: y };
    const isBeyond = value > end;
    const stroke = { borderColor: look.muted, borderWidth: 1.2 };
    return [
      {
        ...{ type: 'line', ...place, ...stroke, xMin: 0 },
        ...(isBeyond
          ? { arrowHeads: { end: { display: true, length: 8, width: 4 } } }
          : { xMax: value / size }),
      },
      ...(isBeyond
        ? []
        : [
            {
              ...{ type: 'point' as const, adjustScaleRange: false, ...stroke },
              ...{ xValue: value / size, yValue: y, pointStyle: 'rectRot' as const, radius: 5.5 },
              backgroundColor: look.surface,
            },
          ]),
    ];
  });

/** What is known of a bar besides its parts, line by line. */
function knownOf({ spec, view: { locale }, show }: Sheet, bar: Bar, ratio: string): string[] {
  const total = totalOf(bar);
  return [
    ...(spec.series.length > 1 && total !== null
      ? [`${message(locale, 'ui.table.total')}: ${show(total)}`]
      : []),
    ...(bar.interval
      ? [`${message(locale, 'chart.legend.interval')}: ${showInterval(locale, spec.unit, bar.interval)}`]
      : []),
    ...(ratio === '' || spec.base === undefined
      ? []
      : [message(locale, 'chart.ratio', { times: ratio, base: { target: spec.base } })]),
    ...(bar.points?.length ? [`n = ${bar.points.length}`] : []),
  ];
}

function tooltipsOf(sheet: Sheet, ratios: readonly string[]) {
  const { labels, bars: all, spec, size, show } = sheet;
  const isPoint = ({ datasetIndex }: TooltipItem<'bar'>): boolean => datasetIndex >= spec.series.length;
  /** a point stands in the strip of its bar */
  const rowOf = (item: TooltipItem<'bar'>): number =>
    isPoint(item) ? Math.floor((item.raw as { y: number }).y) : item.dataIndex;
  return {
    title: ([item]: TooltipItem<'bar'>[]) => (item ? labels[rowOf(item)] : ''),
    label: (item: TooltipItem<'bar'>) => `${item.dataset.label!}: ${show((item.parsed.x ?? 0) * size)}`,
    afterBody: ([item]: TooltipItem<'bar'>[]) => {
      const bar = item && all[rowOf(item)];
      return bar ? knownOf(sheet, bar, ratios[rowOf(item)]!) : [];
    },
  };
}

function descriptionOf(sheet: Sheet, ratios: readonly string[]): string[] {
  const { spec, bars: all, shared, published, labels, view, show } = sheet;
  const about = hasPublished(spec) && spec.aboutReferences ? [say(view.locale, spec.aboutReferences)] : [];
  return [
    ...all.map((bar, at) => {
      const total = totalOf(bar);
      const figures = [
        total === null ? message(view.locale, 'chart.missing') : show(total),
        ...(total !== null && bar.interval ? [showInterval(view.locale, spec.unit, bar.interval)] : []),
        ...(ratios[at] === '' ? [] : [ratios[at]!]),
      ];
      return `${labels[at]!}: ${figures.join(' ')}`;
    }),
    ...shared.map(({ value }, at) => `${labels[all.length + at]!}: ${show(value)}`),
    ...about,
    ...published.map(({ label, published: figure, conditions, source }) => {
      const name = say(view.locale, label);
      return `${name}: ${figure} (${say(view.locale, conditions)} ${source})`;
    }),
  ];
}
