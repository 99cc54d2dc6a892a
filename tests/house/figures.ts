/** What can be counted of the house: each fact in one place, few files in a folder, imports that go one way. */
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

const linesThat = ({ files }: Sources, pattern: RegExp, isLeftOut: (file: string) => boolean): string[] =>
  [...files].flatMap(([file, text]) =>
    isLeftOut(file)
      ? []
      : text
          .split('\n')
          .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
const filesThat = ({ files }: Sources, pattern: RegExp, isLeftOut: (file: string) => boolean): string[] =>
  [...files].flatMap(([file, text]) => (!isLeftOut(file) && pattern.test(text) ? [file] : []));

const zero = (title: string, places: string[]): Figure => ({ title, value: places.length, most: 0, places });

/** A target's name, or a question for what it is called, outside the table and the targets themselves. */
const targetNames = (sources: Sources): Figure =>
  zero(
    'lines outside the table of targets and engine/targets that know a target by name',
    linesThat(
      sources,
      /'vm:|(?<!kind|kindOf\([^)]*\)) === '(process|container)'|\bisVm\(|\bisContainer\(|startsWith\('(vm|container)/,
      (file) => file.startsWith('main/engine/targets/') || file === 'main/contract/targets.ts',
    ),
  );

/** The metrics that are compared, named together: the table is the one place. */
const metricLists = (sources: Sources): Figure => {
  const places = filesThat(
    sources,
    /['".]?\breadyMs\b['"]?[^;]{0,160}\bhostBytes\b/,
    (file) =>
      /contract\/(run\/)?run\.ts$|contract\/(run\/)?(density|trial)\.ts$/.test(file) ||
      !/report|metrics|comparison/.test(file),
  );
  return { title: 'lists of the metrics', value: places.length, most: 1, places };
};

/** Sums over a plan's workloads, targets and rounds. */
const planArithmetic = (sources: Sources): Figure => {
  const places = filesThat(
    sources,
    /(plan|draft)\.(trials|warmups)\b[^;\n]*[+*]|[+*][^;\n]*(plan|draft)\.(trials|warmups)\b|limits\.memoryBytes[^;]*\breduce\(|\breduce\([^;]*memoryBytes|sum \+ [^;]*memoryBytes/,
    (file) => file.startsWith('main/engine/targets/') || file.startsWith('main/engine/report/'),
  );
  return { title: 'places that compute what a plan takes', value: places.length, most: 1, places };
};

/** What decides where marks, ticks and colours go, outside the one layout. */
const layoutCopies = (sources: Sources): Figure =>
  zero(
    'files outside main/drawing with layout code of charts',
    filesThat(
      sources,
      /0\.618|golden|Math\.log10\(|\bniceStep|\btickStep|shades?: Record<|\[1, 2, 5/,
      (file) => file.startsWith('main/drawing/') || !/charts?\/|export\/svg/.test(file),
    ),
  );

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
    most: 20,
    places: sorted.slice(0, 5).map(([folder, count]) => `${count} ${folder}`),
  };
};

const importCircles = ({ imports }: Sources): Figure =>
  zero(
    'circles of imports, types included',
    circles(imports).map((circle) => circle.join(' ↔ ')),
  );

/** `main/engine/report/x.ts` is in the room `report`; a file of the engine's own folder is in none. */
const roomOf = (file: string): string | undefined => /^main\/engine\/([^/]+)\//.exec(file)?.[1];

const mutualFolders = ({ imports }: Sources): Figure => {
  const pairs = new Set<string>();
  for (const [file, imported] of imports)
    for (const other of imported) {
      const [from, to] = [roomOf(file), roomOf(other)];
      if (from !== undefined && to !== undefined && from !== to) pairs.add(`${from} ${to}`);
    }
  const mutual = [...pairs].filter((pair) => {
    const [from, to] = pair.split(' ');
    return from! < to! && pairs.has(`${to} ${from}`);
  });
  return zero('folders of the engine that import each other both ways', mutual);
};

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
  targetNames(sources),
  metricLists(sources),
  planArithmetic(sources),
  layoutCopies(sources),
  flatFolders(root),
  importCircles(sources),
  mutualFolders(sources),
  unnamedRooms(sources, rooms),
  uncheckedKeys(sources, keys),
  lines(sources),
];
