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
  /** strongest first */
  shades: Record<Kind, string[]>;
}

export function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const three = (name: string) => [1, 2, 3, 4].map((shade) => read(`--${name}-${shade}`));
  return {
    text: read('--text'),
    muted: read('--text-muted'),
    faint: read('--text-faint'),
    grid: read('--chart-grid'),
    surface: read('--surface'),
    font: style.fontFamily,
    shades: {
      container: three('container'),
      vm: three('vm'),
      process: three('process'),
      other: three('neutral'),
    },
  };
}

export const shade = (look: Look, kind: Kind, index: number): string => {
  const shades = look.shades[kind];
  return shades[index % shades.length] ?? look.muted;
};
