/** What the signs of a chart of bars mean. */
import type { Locale } from '../../contract/appearance';
import { message, say, type MessageKey } from '../../contract/messages';
import { emulatedEntry } from '../legend';
import { area, box, dot, hollow, outline, whisker } from '../marks';
import type { Kind, Look } from '../palette';
import type { LegendEntry } from '../plot';
import { text } from '../shapes';
import { hasOutline, isEmulated, shadesOfSeries, type BarsSpec } from '../spec';

export function barLegend(spec: BarsSpec, hasRatios: boolean, locale: Locale, look: Look): LegendEntry[] {
  const shades = shadesOfSeries(spec);
  const entry = (is: boolean, key: MessageKey, sign: LegendEntry['sign']): LegendEntry[] =>
    is ? [{ words: message(locale, key), sign }] : [];
  const row = (y: number) => ({ middle: y + 7, thickness: 14 });
  const emulated = spec.bars.find((bar) => isEmulated(spec, bar));
  return [
    ...(spec.series.length > 1
      ? spec.series.flatMap((_, series) => partEntry(spec, series, shades[series]!, locale, look))
      : []),
    ...(emulated ? [emulatedEntry(emulated.target, locale, look)] : []),
    ...entry(
      spec.bars.some(({ points }) => points?.length),
      'chart.legend.point',
      (x, y) => [dot(x + 11, y + 7, 2.7, look)],
    ),
    ...entry(
      spec.bars.some(({ quartiles }) => quartiles),
      'chart.legend.quartiles',
      (x, y) => [box(x + 2, x + 20, row(y), look)],
    ),
    ...entry(
      spec.bars.some(({ interval }) => interval),
      'chart.legend.interval',
      (x, y) => whisker(x + 1, x + 21, row(y), look),
    ),
    ...entry(hasOutline(spec), 'chart.legend.outline', (x, y) => [
      outline(x + 1, x + 21, { middle: y + 7, thickness: 4 }, false, look),
    ]),
    ...(hasRatios && spec.base !== undefined
      ? [
          {
            words: message(locale, 'chart.legend.ratio', { base: { target: spec.base } }),
            sign: (x: number, y: number) => [
              text(x + 11, y + 11.5, '×', { size: 14, fill: look.text, weight: 650, anchor: 'middle' }),
            ],
          },
        ]
      : []),
  ];
}

/** A part's sign has the colour of every kind of target that has it. */
function partEntry(
  spec: BarsSpec,
  series: number,
  shades: ReadonlyMap<Kind, number>,
  locale: Locale,
  look: Look,
): LegendEntry[] {
  const kinds = [...shades];
  if (kinds.length === 0) return [];
  const width = 22 / kinds.length;
  return [
    {
      words: say(locale, spec.series[series]!.label),
      datasets: [series],
      sign: (x, y) =>
        spec.series[series]!.shared
          ? [hollow({ x, y, width: 22, height: 14 }, look)]
          : kinds.flatMap(([kind, shade], at) =>
              area({ x: x + at * width, y, width, height: 14 }, kind, shade, look),
            ),
    },
  ];
}
