/** Which fonts draw a picture: Inter, which Tare brings along, and one of the system's for Chinese, which would weigh 16 MB. */
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TareError } from '../../../base/errors';

/** Han, kana, hangul and full-width forms: what Inter has no shapes for. */
const eastAsian = /[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]/;

/** Best first, regular before bold: fonts that come with systems or are commonly added to them. */
const known = [
  /^NotoSansCJK(sc)?-(Regular|VF|Bold)\b/i,
  /^SourceHanSans(SC|CN)?-(Regular|VF|Bold)\b/i,
  /^NotoSansSC\b/i,
  /^PingFang\.ttc$/i,
  /^msyh(bd)?\.tt[cf]$/i,
  /^Hiragino Sans GB/i,
  /^STHeiti /i,
  /^wqy-(microhei|zenhei)/i,
  /^Deng(b)?\.ttf$/i,
  /^sim(hei|sun)\.tt[cf]$/i,
  /^DroidSansFallback/i,
];

const folders = (): string[] => {
  const own = (...parts: string[]) => path.join(os.homedir(), ...parts);
  if (process.platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', own('Library/Fonts')];
  if (process.platform === 'win32')
    return [
      path.join(process.env.WINDIR ?? 'C:\\Windows', 'Fonts'),
      own('AppData', 'Local', 'Microsoft', 'Windows', 'Fonts'),
    ];
  const data = process.env.XDG_DATA_HOME ?? own('.local/share');
  return ['/usr/share/fonts', '/usr/local/share/fonts', path.join(data, 'fonts'), own('.fonts')];
};

/** Every font below a folder; what cannot be read is passed over. (Node's recursive `readdir` gives up at the first one.) */
async function fontFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return fontFiles(place);
    return /\.(ttf|ttc|otf)$/i.test(entry.name) ? [place] : [];
  });
  return (await Promise.all(found)).flat();
}

/** The files of the best Chinese font here: its regular and, if there is one, its bold face. */
function bestOf(files: readonly string[]): string[] {
  for (const pattern of known) {
    const matching = files.filter((file) => pattern.test(path.basename(file))).sort();
    const isBold = (file: string) => /-?bold|bd\.|b\.ttf$/i.test(path.basename(file));
    const regular = matching.find((file) => !isBold(file));
    const bold = matching.find(isBold);
    if (regular !== undefined) return bold === undefined ? [regular] : [regular, bold];
  }
  return [];
}

export interface Fonts {
  fonts: Uint8Array[];
  /** every script of the words has a bold face */
  hasBold: boolean;
}

/** Whether words need one of the system's fonts. */
export const isEastAsian = (words: string): boolean => eastAsian.test(words);

/** What a `data:` address holds. */
export const bytesOf = (address: string): Uint8Array =>
  Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');

/**
 * The fonts that a drawing's words need.
 * @param search  where fonts are looked for; default: where this system keeps them
 * @throws {TareError} `font-missing` where the words are Chinese and no font here can draw them: a row of boxes is no label
 */
export async function fontsFor(words: string, search: readonly string[] = folders()): Promise<Fonts> {
  const inter = await Promise.all([
    import('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?inline'),
    import('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?inline'),
  ]);
  const fonts = inter.map(({ default: address }) => bytesOf(address));
  if (!eastAsian.test(words)) return { fonts, hasBold: true };
  const files = bestOf((await Promise.all(search.map(fontFiles))).flat());
  if (files.length === 0) throw new TareError({ code: 'font-missing', known: [...search] });
  const own = await Promise.all(files.map((file) => readFile(file)));
  return { fonts: [...fonts, ...own], hasBold: own.length > 1 };
}
