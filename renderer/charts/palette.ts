/** What kind of way to run something a target is: it decides colour and pattern, the same everywhere. */
export type Kind = 'container' | 'vm' | 'process' | 'other';

export const kindOf = (target: string): Kind => {
  if (target.startsWith('container')) return 'container';
  if (target.startsWith('vm')) return 'vm';
  return target === 'process' ? 'process' : 'other';
};

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
export const swatchProperty = (mark: 'fill' | 'line', kind: Kind, index: number): string => {
  const name = kind === 'other' ? 'neutral' : kind;
  return mark === 'fill'
    ? `var(--${name}-${(index % fillShades) + 1})`
    : `var(--${name}-line-${(index % lineShades) + 1})`;
};
