/** What a drawing consists of: SVG's own elements as plain data, which a file writes as text and the page puts into its document. */

/** In pixels; numbers are rounded to a hundredth, which is finer than any screen and keeps files small and equal. */
export interface Shape {
  name: 'circle' | 'line' | 'path' | 'rect' | 'text';
  attributes: Record<string, string | number>;
  /** of a text */
  words?: string;
}

const round = (value: number): number => Math.round(value * 100) / 100 + 0;

function shape(
  name: Shape['name'],
  given: Record<string, string | number | undefined>,
  words?: string,
): Shape {
  const attributes: Shape['attributes'] = {};
  for (const [key, value] of Object.entries(given))
    if (value !== undefined) attributes[key] = typeof value === 'number' ? round(value) : value;
  return { name, attributes, ...(words !== undefined && { words }) };
}

export interface TextStyle {
  size: number;
  fill: string;
  weight?: number;
  anchor?: 'middle' | 'end';
}

/** @param y  of the base line */
export const text = (x: number, y: number, words: string, style: TextStyle): Shape =>
  shape(
    'text',
    {
      x,
      y,
      'font-size': style.size,
      fill: style.fill,
      'font-weight': style.weight,
      'text-anchor': style.anchor,
    },
    words,
  );

/** A text in the middle of a row. */
export const textAt = (x: number, middle: number, words: string, style: TextStyle): Shape =>
  text(x, middle + style.size * 0.36, words, style);

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): Shape =>
  shape('line', { x1, y1, x2, y2, stroke, 'stroke-width': width });

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How an area is filled and outlined. */
export interface Paint {
  fill?: string;
  'fill-opacity'?: number;
  stroke?: string;
  'stroke-width'?: number;
  'stroke-opacity'?: number;
  'stroke-dasharray'?: string;
  'stroke-linejoin'?: string;
  rx?: number;
}

export const rectangle = ({ x, y, width, height }: Box, paint: Paint): Shape =>
  shape('rect', { x, y, width, height, ...paint });

export const circle = (cx: number, cy: number, r: number, paint: Paint): Shape =>
  shape('circle', { cx, cy, r, ...paint });

/** @param d  made by `through` and `closed` */
export const path = (d: string, paint: Paint): Shape => shape('path', { d, fill: 'none', ...paint });

export type Corner = readonly [x: number, y: number];

/** A line through points, for `path`. */
export const through = (...points: readonly Corner[]): string =>
  points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
export const closed = (...points: readonly Corner[]): string => `${through(...points)}Z`;
