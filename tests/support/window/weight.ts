import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { locales, type Locale } from '../../../main/contract/appearance';

/** What a page that is read in one language weighs, in bytes after gzip; type as it lies there, for it is compressed already. */
interface Weight {
  /** all that the start page needs: its script, the language, styles, and the type of Latin letters, which English and Chinese use */
  firstBytes: number;
  /** the same with the scripts of every other page */
  wholeBytes: number;
}

/** @param folder  of the built page: `dist/renderer` */
export function weightOf(folder: string, locale: Locale): Weight {
  const assets = path.join(folder, 'assets');
  const names = readdirSync(assets);
  const gzip = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;
  const sum = (chosen: string[]) => chosen.reduce((bytes, name) => bytes + gzip(path.join(assets, name)), 0);
  const page = path.join(folder, 'index.html');
  const named = readFileSync(page, 'utf8');
  const isOf = (language: Locale) => (name: string) => name.startsWith(`${language}-`);
  const others = locales.filter((language) => language !== locale);
  const first = names.filter((name) => named.includes(name) || isOf(locale)(name));
  const rest = names.filter(
    (name) => name.endsWith('.js') && !first.includes(name) && !others.some((other) => isOf(other)(name)),
  );
  const type = names.filter((name) => name.startsWith('inter-latin-wght'));
  const firstBytes = gzip(page) + sum(first) + sum(type);
  return { firstBytes, wholeBytes: firstBytes + sum(rest) };
}
