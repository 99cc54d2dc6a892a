/** Many texts in one small file: what a record's folder holds, or what Tare made of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** text by its name, or by its path with `/` */
export type Texts = Record<string, string>;

/** A page repeats the charts that stand beside it as files: only a window wider than gzip's sees that. */
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 9,
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
};

export const readPacked = (file: string): Texts =>
  JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Texts;

/** Sorted and without a date; what would say the same stays as it is, since another Node may compress otherwise. */
export function writePacked(file: string, texts: Texts): boolean {
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(sorted);
  if (existsSync(file) && JSON.stringify(readPacked(file)) === text) return false;
  writeFileSync(file, brotliCompressSync(text, { params }));
  return true;
}
