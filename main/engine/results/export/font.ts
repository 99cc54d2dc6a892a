/** The type of all reports and drawings: Inter, inside the file, so that it looks everywhere as it does on the page. Chinese is the system's. */
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?inline';

/** A style sheet's rule; a policy must allow `font-src data:`. */
export const fontFace = `@font-face { font-family: 'Inter Variable'; font-weight: 100 900; src: url('${inter}') format('woff2'); }`;

/** A drawing that is a file of its own. */
export const withFont = (drawing: string): string =>
  drawing.replace('>\n', () => `>\n<style>${fontFace}</style>\n`);
