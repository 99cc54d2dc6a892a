import type { Locale } from '../../../contract/appearance';
import { isOfHosts } from '../../../contract/record';
import type { Answer, ChartSpec } from '../../../contract/report/report';
import { answerPanel } from '../../../drawing/answer/panel';
import { answerSlide } from '../../../drawing/answer/slide';
import type { Shape } from '../../../drawing/shapes';
import { slideOf, type Slide } from '../../../drawing/slide';
import type { Picture } from '../document/blocks';
import type { ReportedRecord } from '../report/reported';
import { escape } from './escape';
import { withFont } from './font';
import type { TextExporter } from './format';

const fonts = "'Inter Variable', Inter, system-ui, 'WenQuanYi Micro Hei', 'Noto Sans CJK SC', sans-serif";

function write({ name, attributes, words }: Shape): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  return words === undefined ? `<${name}${given}/>` : `<${name}${given}>${escape(words)}</${name}>`;
}

/** One chart as a picture for a slide: 960 pixels wide, at least 540 high but for rows of hosts, real text, the same bytes every time. */
export const paintChart = (spec: ChartSpec, locale: Locale): string =>
  paint(spec.id, slideOf(spec, locale), locale);

/** The answer's picture, under its sentence. */
const paintAnswer = (answer: Answer, locale: Locale): string =>
  paint('answer', answerSlide(answer, locale), locale);

/** A picture for a document, which has the answer's sentence as text: the answer's is without it. */
export const paintPicture = (picture: Picture, locale: Locale): string =>
  picture.of === 'answer'
    ? paint('answer', answerPanel(picture.answer, locale), locale)
    : paintChart(picture.spec, locale);

export function paint(
  id: string,
  { width, height, title, description, shapes }: Slide,
  locale: Locale,
): string {
  const [titleId, descriptionId] = [`${id}-title`, `${id}-description`].map(escape);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" lang="${locale}" aria-labelledby="${titleId} ${descriptionId}" font-family="${fonts}">`,
    `<title id="${titleId}">${escape(title)}</title>`,
    `<desc id="${descriptionId}">${escape(description.join('\n'))}</desc>`,
    ...shapes.map(write),
    '</svg>\n',
  ].join('\n');
}

/** A folder with one file per picture: the answer, and every chart. As one file, the first of them. */
export const drawings: TextExporter<ReportedRecord> = {
  files(record, locale, { one = false } = {}) {
    // what several hosts answer is a chart of their report
    const answer = isOfHosts(record) ? undefined : record.report?.answer;
    const charts = record.report?.charts ?? [];
    const all = [
      ...(answer ? [{ name: 'answer.svg', content: paintAnswer(answer, locale) }] : []),
      ...charts.map((spec) => ({ name: `${spec.id}.svg`, content: paintChart(spec, locale) })),
    ];
    return one ? all.slice(0, 1).map(({ content }) => ({ content })) : all;
  },
};

/** The same with their type inside, as files of their own. */
export const svg: TextExporter<ReportedRecord> = {
  files: (record, locale, placing) =>
    drawings.files(record, locale, placing).map((file) => ({ ...file, content: withFont(file.content) })),
};
