import type { Locale } from '../../../contract/appearance';
import { nameOf, say } from '../../../contract/messages';
import type { ChartSpec, Unit } from '../../../contract/report/report';
import { csvRow, type CsvValue } from './csvRows';

/** The unit is the end of a column's name, as everywhere in Tare's files. */
const suffixes: Record<Unit, string> = {
  ms: 'Ms',
  bytes: 'Bytes',
  times: 'Times',
  percent: 'Percent',
  count: '',
  text: '',
};

/** A chart's figures as they are, unrounded: one row per bar, reading or span. */
export function chartCsv(spec: ChartSpec, locale: Locale): string {
  const [head, ...rows] = rowsOf(spec, locale);
  return [head!, ...rows].map(csvRow).join('');
}

function rowsOf(spec: ChartSpec, locale: Locale): CsvValue[][] {
  const unit = suffixes[spec.unit];
  if (spec.kind === 'lines') {
    const points = spec.lines.flatMap(({ label, target, points: all }) =>
      all.map(({ xMs, y }) => [say(locale, label), target, xMs, y]),
    );
    return [['label', 'target', `x${suffixes[spec.across?.unit ?? 'ms']}`, `y${unit}`], ...points];
  }
  if (spec.kind === 'forest') {
    const { rows, pooled } = spec;
    const ofHosts = rows.map(({ label, target, ratio, interval, weight }) => [
      say(locale, label),
      target,
      ratio,
      interval?.low,
      interval?.high,
      weight,
    ]);
    const ofAll = pooled
      ? [[say(locale, pooled.label), '', pooled.ratio, pooled.interval.low, pooled.interval.high, undefined]]
      : [];
    return [['label', 'target', `ratio${unit}`, `low${unit}`, `high${unit}`, 'weight'], ...ofHosts, ...ofAll];
  }
  if (spec.kind === 'spans') {
    const spans = spec.rows.flatMap(({ label, target, spans: all }) =>
      all.map(({ phase, fromMs, toMs }) => [
        say(locale, label),
        target,
        nameOf(locale, 'phase', phase),
        fromMs,
        toMs,
      ]),
    );
    return [['label', 'target', 'phase', 'fromMs', 'toMs'], ...spans];
  }
  const most = Math.max(0, ...spec.bars.map(({ points }) => points?.length ?? 0));
  const trials = Array.from({ length: most }, (_, at) => at);
  return [
    [
      'label',
      'target',
      ...spec.series.map(({ id }) => (id.endsWith(unit) ? id : `${id}${unit}`)),
      `low${unit}`,
      `high${unit}`,
      `reserved${unit}`,
      ...trials.map((at) => `trial${at + 1}${unit}`),
    ],
    ...spec.bars.map(({ label, target, values, interval, outline, points }) => [
      say(locale, label),
      target,
      ...values,
      interval?.low,
      interval?.high,
      outline,
      ...trials.map((at) => points?.[at]),
    ]),
  ];
}
