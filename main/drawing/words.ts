/**
 * How much room words take. There is no font to ask, and the reader's may differ, so widths are those of a wide one
 * (DejaVu Sans): a chart may show a little more air than needed, and never a clipped label.
 */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]/u;

/** As a share of the font's size. */
function measured(character: string): number {
  if (wide.test(character)) return 1;
  if (/[mMwW@%—…]/.test(character)) return 0.95;
  if (/[A-Z&+=<>~×–]/.test(character)) return 0.72;
  if (/[iIjl.,:;'|!()[\]ft ·/]/.test(character)) return 0.38;
  return 0.63;
}

/** Looked at once each: a large chart asks for the same ones a hundred thousand times. */
const widths = new Map<string, number>();
function widthOfOne(character: string): number {
  const known = widths.get(character);
  if (known !== undefined) return known;
  const width = measured(character);
  widths.set(character, width);
  return width;
}

/** In pixels, at a font size in pixels. */
export const widthOf = (words: string, size: number, weight = 400): number =>
  [...words].reduce((sum, character) => sum + widthOfOne(character), 0) * size * (weight > 500 ? 1.07 : 1);

export const widest = (all: readonly string[], size: number, weight?: number): number =>
  all.reduce((most, words) => Math.max(most, widthOf(words, size, weight)), 0);

/** What may not begin a line of Chinese. */
const closing = /^[，。；：、！？）」』”’〉》]/;

/** Breaks at spaces and between Chinese characters; a single word longer than the line is left whole. */
export function wrap(words: string, width: number, size: number): string[] {
  const pieces = words.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const piece of pieces) {
    const fits = widthOf((current + piece).trimEnd(), size) <= width;
    if (fits || current === '' || closing.test(piece)) {
      current += piece;
    } else {
      lines.push(current.trimEnd());
      current = piece.trimStart();
    }
  }
  return current.trim() === '' ? lines : [...lines, current.trimEnd()];
}
