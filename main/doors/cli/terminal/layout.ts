/** Text in terminal columns: a CJK character takes two, a colour code none. */
import stringWidth from 'string-width';

export const widthOf = (text: string): number => stringWidth(text);

/** The same texts, all as wide as the widest of them. */
export function padded(texts: readonly string[]): string[] {
  const widest = Math.max(0, ...texts.map(widthOf));
  return texts.map((text) => text + ' '.repeat(widest - widthOf(text)));
}

/** The beginning of `text` that fits `width` columns, with an ellipsis where something was cut off. `text` holds no colour codes. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const next = widthOf(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return width > 0 ? `${kept}…` : '';
}

/** A run of Latin text, or one wide character; punctuation stays with the character it closes or opens. */
const unit =
  /\s+|[（“「《]*(?:[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]|[^\s\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff（“「《，。、：；！？）”」》]+)?[，。、：；！？）”」》]*/gu;

/**
 * Breaks text into lines of at most `width` columns: at spaces, and between CJK characters.
 * A word that is longer than a line (a path, a digest) stays whole: it must be possible to copy it.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const [part] of paragraph.matchAll(unit)) {
      if (line !== '' && widthOf(line + part.trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = part.trimStart();
      } else line += part;
    }
    return [...lines, line.trimEnd()];
  });
}

/** {@link wrap}, with the first line after `first` and the others below it, `indent` columns in. */
export function hang(first: string, text: string, width: number, indent = widthOf(first)): string {
  const room = Math.max(20, width - indent);
  // A first line that begins further to the right than the others is wrapped together with what stands before it.
  const lead = 'x'.repeat(Math.max(0, widthOf(first) - indent));
  const [head = '', ...rest] = wrap(lead + text, room);
  return [first + head.slice(lead.length), ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
}
