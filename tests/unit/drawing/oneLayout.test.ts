/** What the page and a file show of a chart is the same: marks, colours, ticks, figures and legend. Only sizes differ. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales, type Locale } from '../../../main/contract/appearance';
import type { ChartSpec } from '../../../main/contract/report/report';
import { plotOf } from '../../../main/drawing/chart';
import { reservationOf } from '../../../main/drawing/bars/figures';
import { onPage, slide, type Format } from '../../../main/drawing/format';
import { colours } from '../../../main/drawing/palette';
import type { Plot } from '../../../main/drawing/plot';
import type { Shape } from '../../../main/drawing/shapes';
import { fakeReportedRun } from '../../support/fakes/fakeRun';
import { anyChart } from '../../support/fakes/charts';

/** A colour of the page as it is in the light theme. */
const inLight = (value: string | number): string =>
  String(value).replace(/^var\(--([\w-]+)\)$/, (_, name: string) => colours.get(name)![0]);

const look = ({ name, attributes }: Shape): string =>
  [name, attributes.fill ?? '', attributes.stroke ?? '', attributes['stroke-dasharray'] ?? '']
    .map(inLight)
    .join(' ');

/** From where to where a mark reaches, across the page. */
function extentOf({ name, attributes, words }: Shape): [number, number] | undefined {
  if (words !== undefined) return undefined;
  const at = (key: string) => Number(attributes[key]);
  if (name === 'rect') return [at('x'), at('x') + at('width')];
  if (name === 'circle') return [at('cx'), at('cx')];
  if (name === 'line') return [at('x1'), at('x2')];
  const across = [...String(attributes.d).matchAll(/[ML](\S+) /g)].map(([, x]) => Number(x));
  return [Math.min(...across), Math.max(...across)];
}

const wordsOf = (shapes: readonly Shape[]): string[] => shapes.flatMap(({ words }) => words ?? []);

function drawn(spec: ChartSpec, locale: Locale, format: Format, withReserved: boolean) {
  const plot: Plot = plotOf(spec, locale, { ...format, standsAlone: false }, { withReserved });
  const { shapes } = plot.draw(0, plot.height);
  return { plot, shapes };
}

/** Where marks lie between the first and the last tick of the value axis, in shares; `slack` is two pixels: the gap between segments and the least width of a box. */
function places(spec: ChartSpec, shapes: readonly Shape[]): { marks: number[][]; slack: number } {
  const lines = shapes.filter(({ name, attributes }) => name === 'line' && attributes.x1 === attributes.x2);
  const grid = lines.map(({ attributes }) => Number(attributes.x1));
  if (spec.kind === 'lines' || grid.length < 2) return { marks: [], slack: 0 };
  const [from, to] = [Math.min(...grid), Math.max(...grid)];
  const marks = shapes.filter(({ name }) => name === 'rect' || name === 'circle');
  return {
    marks: marks.map((mark) => extentOf(mark)!.map((x) => (x - from) / (to - from))),
    slack: 2.05 / (to - from),
  };
}

function expectSame(spec: ChartSpec, locale: Locale, withReserved: boolean): void {
  const limits =
    spec.kind === 'bars' ? spec.bars.map((bar) => reservationOf(spec, bar, locale)).filter(Boolean) : [];
  const [file, page] = [slide, onPage(900)].map((format) => drawn(spec, locale, format, withReserved));
  // told where there is room: a stretch's name on its span or beside it, a reservation, and what leads from a line to its name
  const isRoomy = ({ attributes, words = '' }: Shape) =>
    attributes.rx === 4 ||
    attributes['font-weight'] === 500 ||
    attributes['stroke-opacity'] === 0.6 ||
    limits.includes(words);
  const always = (shapes: readonly Shape[]) => shapes.filter((one) => !isRoomy(one));
  const [fileShapes, pageShapes] = [always(file!.shapes), always(page!.shapes)];
  expect(pageShapes.map(look)).toEqual(fileShapes.map(look));
  expect(wordsOf(pageShapes).join(' ')).toBe(wordsOf(fileShapes).join(' '));
  const [onFile, there] = [places(spec, fileShapes), places(spec, pageShapes)];
  there.marks.forEach((place, at) =>
    place.forEach((x, side) =>
      expect(Math.abs(x - onFile.marks[at]![side]!)).toBeLessThan(Math.max(onFile.slack, there.slack)),
    ),
  );
  const legend = ({ legend: entries }: Plot) =>
    entries.map(({ words, heading, sign }) => [heading, words, ...sign(0, 0).map(look)]);
  expect(legend(page!.plot)).toEqual(legend(file!.plot));
  expect(page!.plot.description).toEqual(file!.plot.description);
}

describe.each(['quick', 'three-apps', 'startup'])('the charts of a run of %s', (preset) => {
  it.each(locales)('are the same on the page as in a file (%s)', (locale) => {
    for (const spec of fakeReportedRun({ preset }).report.charts) {
      expectSame(spec, locale, false);
      expectSame(spec, locale, true);
    }
  });
});

it('holds for any chart', () => {
  fc.assert(
    fc.property(anyChart, fc.boolean(), (spec, withReserved) => expectSame(spec, 'en', withReserved)),
    { numRuns: 25 },
  );
});
