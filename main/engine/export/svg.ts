import type { Locale } from '../../contract/appearance';
import type { ChartSpec } from '../../contract/report/report';
import type { Shape } from '../../drawing/shapes';
import { slideOf } from '../../drawing/slide';
import { escape } from './escape';
import type { TextExporter } from './format';

const fonts = "system-ui, 'WenQuanYi Micro Hei', 'Noto Sans CJK SC', sans-serif";

function write({ name, attributes, words }: Shape): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  return words === undefined ? `<${name}${given}/>` : `<${name}${given}>${escape(words)}</${name}>`;
}

/** One chart as a picture for a slide: 960 pixels wide, at least 540 high, real text, the same bytes every time. */
export function paintChart(spec: ChartSpec, locale: Locale): string {
  const { width, height, title, description, shapes } = slideOf(spec, locale);
  const [titleId, descriptionId] = [`${spec.id}-title`, `${spec.id}-description`].map(escape);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" lang="${locale}" aria-labelledby="${titleId} ${descriptionId}" font-family="${fonts}">`,
    `<title id="${titleId}">${escape(title)}</title>`,
    `<desc id="${descriptionId}">${escape(description.join('\n'))}</desc>`,
    ...shapes.map(write),
    '</svg>\n',
  ].join('\n');
}

/** A folder with one file per chart. */
export const svg: TextExporter = {
  files: (run, locale) =>
    (run.report?.charts ?? []).map((spec) => ({ name: `${spec.id}.svg`, content: paintChart(spec, locale) })),
};
