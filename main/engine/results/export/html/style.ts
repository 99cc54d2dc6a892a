import { colours } from '../../../../drawing/palette';
import { fontFace } from '../font';
import sheet from './report.css?raw';

const darkColours = `
  --background: #0f1012;
  --surface: #17181b;
  --line: #292b30;
  --text: #ededef;
  --muted: #a6a9b1;
  --good: #6cc79b;
  --warn: #e6b25c;
  --warn-surface: #2a2113;
  --bad: #f28b82;
  --bad-surface: #2e1918;
  --chip: #ffffff14;
  --focus: #7fb2ff;
`;

/** A drawing has its colours as attributes, which a style sheet outranks: so one drawing serves both themes, scripts or not. */
const darkDrawing = (root: string): string =>
  [...new Map(colours.values())]
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((name) => `${root} figure > svg [${name}='${light}'] { ${name}: ${dark}; }`),
    )
    .join('\n');

const dark = (root: string): string => `${root} {${darkColours}}\n${darkDrawing(root)}`;

/** The report's style sheet: the reader's theme, unless the reader chooses another one; paper is always light. */
export const style = (): string =>
  `${fontFace}
${sheet}
:root[data-theme='light'] { color-scheme: light; }
@media screen {
${dark(":root[data-theme='dark']")}
:root[data-theme='dark'] { color-scheme: dark; }
}
@media screen and (prefers-color-scheme: dark) {
${dark(":root:not([data-theme='light'])")}
}
`;
