/** What can be counted of the house: few files in a folder, imports that go one way, keys that the compiler checks. */
import path from 'node:path';
import { circles, filesBelow, productFolders, type Sources } from './sources';

export interface Figure {
  title: string;
  value: number;
  /** a higher value fails the check */
  most: number;
  /** where: what to look at when it is too high */
  places: string[];
}

const zero = (title: string, places: string[]): Figure => ({ title, value: places.length, most: 0, places });

const flatFolders = (root: string): Figure => {
  const counts = new Map<string, number>();
  for (const file of [...productFolders, 'tests'].flatMap((folder) => filesBelow(root, folder))) {
    if (file.startsWith('tests/fixtures/')) continue;
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return {
    title: 'files in the largest flat folder',
    value: sorted[0]![1],
    most: 25,
    places: sorted.slice(0, 5).map(([folder, count]) => `${count} ${folder}`),
  };
};

const importCircles = ({ imports }: Sources): Figure =>
  zero(
    'circles of imports, types included',
    circles(imports).map((circle) => circle.join(' ↔ ')),
  );

/** A room that borders.js does not name may import anything. */
const unnamedRooms = ({ files }: Sources, named: readonly string[]): Figure => {
  const folders = [...files.keys()].flatMap(
    (file) => /^main\/(?:contract|drawing|engine\/[^/]+|doors\/[^/]+)(?=\/)/.exec(file) ?? [],
  );
  return zero(
    'rooms without a line in borders.js',
    [...new Set(folders)].filter((folder) => !named.includes(folder)),
  );
};

/** A function that words any string, or a cast to a key, ends what the compiler checks: all keys that do not stand literally may be wrong. */
function uncheckedKeys({ files }: Sources, keys: readonly string[]): Figure {
  const open = [...files].filter(([, text]) =>
    /function message\(locale: Locale, key: string|\bkey = \(name: string\)(?!.*\.find\(isMessageKey\))|as MessageKey\b|as Family\b/.test(
      text,
    ),
  );
  const all = [...files.values()].join('\n');
  const unchecked = open.length === 0 ? [] : keys.filter((key) => !all.includes(`'${key}'`));
  return {
    ...zero('message keys that the compiler does not check', unchecked),
    places: open.map(([file]) => file),
  };
}

const lines = ({ files }: Sources): Figure => ({
  title: 'lines of the product',
  value: [...files.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0),
  most: Infinity,
  places: [`${files.size} files`],
});

/**
 * @param keys  of the English catalogue
 * @param rooms  that borders.js names
 */
export const figuresOf = (
  root: string,
  sources: Sources,
  keys: readonly string[],
  rooms: readonly string[],
): Figure[] => [
  flatFolders(root),
  importCircles(sources),
  unnamedRooms(sources, rooms),
  uncheckedKeys(sources, keys),
  lines(sources),
];
