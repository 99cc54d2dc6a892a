/** SVG as text: no DOM, and the same bytes for the same chart on every machine. */

type Attributes = Record<string, string | number | undefined>;

/** For text and for attribute values; control characters have no place in XML at all. */
export const escape = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

/** A hundredth of a pixel is finer than any screen, and keeps files small and equal. */
const round = (value: number): number => Math.round(value * 100) / 100 + 0;

const attributes = (given: Attributes): string =>
  Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? round(value) : escape(value!)}"`)
    .join('');

/** @param children  already SVG */
export const element = (name: string, given: Attributes, ...children: string[]): string =>
  children.length === 0
    ? `<${name}${attributes(given)}/>`
    : `<${name}${attributes(given)}>${children.join('')}</${name}>`;

export interface TextStyle {
  size: number;
  fill?: string;
  weight?: number;
  anchor?: 'start' | 'middle' | 'end';
}

/** @param y  of the base line */
export const text = (x: number, y: number, words: string, style: TextStyle): string =>
  element(
    'text',
    {
      x,
      y,
      'font-size': style.size,
      fill: style.fill,
      'font-weight': style.weight,
      'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
    },
    escape(words),
  );

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string =>
  element('line', { x1, y1, x2, y2, stroke, 'stroke-width': width });

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const rectangle = (box: Box, fill: string, more: Attributes = {}): string =>
  element('rect', { ...box, fill, ...more });

/** A path through points: `M x y L x y …` */
export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');

/**
 * Diagonal lines that fill a box, each cut at its edges. Drawn one by one, since office programs lose SVG patterns and
 * clip paths when a chart is put on a slide.
 */
export function hatch({ x, y, width, height }: Box, step = 7): string {
  let lines = '';
  for (let offset = step / 2; offset < width + height; offset += step) {
    const [fromX, fromY] = offset <= height ? [0, offset] : [offset - height, height];
    const [toX, toY] = offset <= width ? [offset, 0] : [width, offset - width];
    lines += path([
      [x + fromX, y + fromY],
      [x + toX, y + toY],
    ]);
  }
  return lines;
}
