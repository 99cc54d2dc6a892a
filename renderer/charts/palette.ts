export { colourKind as kindOf, type Kind } from '../../main/drawing/palette';
import { pageLook, type Kind } from '../../main/drawing/palette';

/** Colours of a theme, read from the page's own custom properties, so that charts and page cannot differ. */
export interface Look {
  text: string;
  muted: string;
  faint: string;
  grid: string;
  surface: string;
  font: string;
  /** of fills, strongest first */
  shades: Record<Kind, string[]>;
  /** of lines, told apart by hue within the kind's family */
  strokes: Record<Kind, string[]>;
}

export function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const all = (of: string, count: number): Record<Kind, string[]> => {
    const list = (name: string) =>
      Array.from({ length: count }, (_, index) => read(`--${name}${of}-${index + 1}`));
    return { container: list('container'), vm: list('vm'), process: list('process'), other: list('neutral') };
  };
  return {
    text: read('--text'),
    muted: read('--text-muted'),
    faint: read('--text-faint'),
    grid: read('--chart-grid'),
    surface: read('--surface'),
    font: style.fontFamily,
    shades: all('', fillShades),
    strokes: all('-line', lineShades),
  };
}

/** How many shades each kind has in style/tokens.css. */
const fillShades = 6;
const lineShades = 3;

const nth = (colours: string[], index: number, otherwise: string): string =>
  colours[index % colours.length] ?? otherwise;

export const shade = (look: Look, kind: Kind, index: number): string =>
  nth(look.shades[kind], index, look.muted);
export const stroke = (look: Look, kind: Kind, index: number): string =>
  nth(look.strokes[kind], index, look.muted);

/** The custom property of a swatch, for a legend that is HTML. */
export const swatchProperty = (mark: 'fill' | 'line', kind: Kind, index: number): string =>
  pageLook[mark](kind, index);
