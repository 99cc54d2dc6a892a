/** The one picture of a report: memory, start and disk, side under side, each with its figure and what it is times the first. */
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import { showInterval } from '../../contract/quantities';
import type { Answer } from '../../contract/report/report';
import type { Format } from '../format';
import { area, hollow } from '../marks';
import { colourKind } from '../palette';
import type { Plot, Spot } from '../plot';
import { line, text, textAt, type Shape } from '../shapes';
import { strip } from '../strip';
import { widthOf } from '../words';
import { againstWords } from './figures';
import { keyOf } from './key';
import {
  columnGap,
  columnsOf,
  groupsOf,
  heavy,
  layOut,
  ratioSize,
  readingsOf,
  type Columns,
  type Place,
} from './layout';

/**
 * @param format  of the page or of a file: what is drawn is the same
 */
export function answerPlot(answer: Pick<Answer, 'rows'>, locale: Locale, format: Format): Plot {
  const groups = groupsOf(answer, locale);
  const columns = columnsOf(groups, format);
  const against = headingOf(answer, locale, columns, format);
  const key = keyOf(groups, locale, format);
  const keyRoom = columns.ratios - columns.left - (against === '' ? 0 : widthOf(against, format.detail) + 24);
  const hasKey = key !== undefined && key.width <= keyRoom;
  const head = against === '' && !hasKey ? 0 : format.detail * 1.7;
  return {
    legend: [],
    height: Math.ceil(head + layOut(groups, columns, format, locale, 0).height + 2),
    draw: (top) => {
      const laid = layOut(groups, columns, format, locale, top + head);
      const { look, label, detail } = format;
      return {
        shapes: [
          ...(hasKey ? key.draw(columns.left, top + detail) : []),
          ...(against === ''
            ? []
            : [
                text(columns.ratios, top + detail, against, {
                  size: detail,
                  fill: look.muted,
                  anchor: 'end',
                }),
              ]),
          ...laid.titles.map(({ words, y }) =>
            textAt(format.margin, y, words, { size: label, fill: look.text, weight: heavy }),
          ),
          ...laid.abouts.map(({ words, y }) =>
            text(format.margin, y, words, { size: detail, fill: look.muted }),
          ),
          ...laid.grounds.map(([from, to]) =>
            line(columns.left, from - 2, columns.left, to + 2, look.muted, 1.2),
          ),
          ...laid.places.flatMap((place) => drawSide(place, columns, format)),
        ],
        spots: () => laid.places.map((place) => spotOf(place, columns, locale)),
      };
    },
    description: groups.flatMap(({ title, sides }) =>
      sides.map(({ name, value, ratio, details }) =>
        [`${title}, ${name}: ${value}`, ratio.words, ...details].filter(Boolean).join('; '),
      ),
    ),
  };
}

/** Names the side that the last column holds the others against, where it has the room. */
function headingOf({ rows }: Pick<Answer, 'rows'>, locale: Locale, columns: Columns, format: Format): string {
  const row = rows.find(({ sides }) => sides.some(({ against }) => against));
  if (!row) return '';
  const words = againstWords(row.sides[0]!, locale);
  return widthOf(words, format.detail) > columns.ratios - columns.left ? '' : words;
}

function drawSide({ told, group, nameY, bar, details }: Place, columns: Columns, format: Format): Shape[] {
  const { look, label, detail, value: size } = format;
  const { side, ratio } = told;
  const across = (value: number) => bar.x + (Math.min(value, group.end) / group.end) * bar.width;
  const middle = bar.y + bar.height / 2;
  const width = across(side.value) - bar.x;
  const shown = { ...bar, width };
  const beyond = side.shared && {
    ...bar,
    x: bar.x + width + 1,
    width: across(side.value + side.shared.value) - bar.x - width - 1,
  };
  const emulated = group.row.unit === 'ms' && side.emulated === true;
  const stands = ratio.words !== '' && !ratio.reserved;
  return [
    columns.namesBeside
      ? textAt(columns.left - columnGap + 2, middle, told.name, {
          size: label,
          fill: look.text,
          anchor: 'end',
        })
      : textAt(columns.names, nameY, told.name, { size: label, fill: look.text }),
    ...area(shown, colourKind(side.target), 0, look, emulated),
    ...(beyond && beyond.width > 2 ? [hollow(beyond, look)] : []),
    ...strip(readingsOf(side), bar.y + bar.height, across, { min: 0, max: group.end }, format, look),
    textAt(columns.values, middle, told.value, { size, fill: look.text, weight: heavy, anchor: 'end' }),
    ...(ratio.words === ''
      ? []
      : [
          textAt(columns.ratios, middle, ratio.words, {
            size: stands && side.against?.judgement !== 'same' ? ratioSize(format) : size,
            fill: stands ? look.text : look.muted,
            weight: stands ? 700 : 400,
            anchor: 'end',
          }),
        ]),
    ...details.map(({ x, y, words }) => text(x, y, words, { size: detail, fill: look.muted })),
  ];
}

function spotOf(
  { told: { side, name, value, ratio, details }, group, bar }: Place,
  columns: Columns,
  locale: Locale,
): Spot {
  return {
    x: bar.x,
    y: bar.y - 3,
    width: columns.ratios - bar.x,
    height: bar.height + 6,
    say: () => [
      `${group.title} · ${name}`,
      [value, ratio.words].filter(Boolean).join(' · '),
      ...(side.interval
        ? [
            `${message(locale, 'chart.legend.interval')}: ${showInterval(locale, group.row.unit, side.interval)}`,
          ]
        : []),
      ...(side.points?.length ? [`n = ${side.points.length}`] : []),
      ...details,
    ],
  };
}
