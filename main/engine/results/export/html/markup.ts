/** Markup that escapes by itself: whatever is put into a template is text, unless it is markup already. */
import { escape } from '../escape';

export class Markup {
  constructor(readonly text: string) {}
}

/** Nothing stands where there is nothing. A list has a line for each of its parts. */
type Part = Markup | string | number | undefined | readonly Part[];

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === undefined) return '';
  if (typeof part === 'object') return part.map(textOf).filter(Boolean).join('\n');
  return escape(String(part));
}

/** A template of markup. It is not called `html`, since formatters would break its lines anew. */
export const markup = (strings: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(String.raw({ raw: strings }, ...parts.map(textOf)));

/** Parts on one line. */
export const inline = (parts: readonly (Markup | undefined)[]): Markup =>
  new Markup(parts.map(textOf).join(''));
