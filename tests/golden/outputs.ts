/** What is asked of Tare for each golden record, and of several together: command lines, as a person types them. */
import type { Bench } from './harness';
import type { Texts } from './packed';
import { comparisons } from './comparisons';

const chinese = ['--lang', 'zh-CN'];
/** Those that no reader's language changes are told in English only. */
const exports: Record<string, string[]> = {
  ...Object.fromEntries(
    [
      'json',
      'csv',
      'md',
      'html',
      'summary',
      'junit',
      'go',
      'bencher',
      'github-benchmark',
      'hyperfine',
      'openmetrics',
    ].map((format) => [format, ['--format', format]]),
  ),
  'md --lang zh-CN': ['--format', 'md', ...chinese],
  'md --published': ['--format', 'md', '--published'],
  'html --lang zh-CN': ['--format', 'html', ...chinese],
};
const shows = [[], ['--full'], chinese, ['--full', ...chinese], ['--phases'], ['--json']];

/** A picture of points takes seconds: these few stand for all, the digest of each for it. */
const drawn = ['image', 'three-apps', 'fleet-three'];
/** These hold values that are written only when asked for. */
const withValues = ['values', 'fleet-values'];
const narrow = 60;

/** All outputs of one record by the words that make them, without its id. */
export async function outputsOf(bench: Bench, record: string): Promise<Texts> {
  const id = bench.id(record);
  const made: Texts = {};
  const asked = { ...exports, ...(withValues.includes(record) && valued) };
  for (const [name, words] of Object.entries(asked))
    made[`export ${name}`] = await bench.print(['export', id, ...words, '--out', '-']);
  for (const format of ['svg', ...(drawn.includes(record) ? ['png'] : [])]) {
    const files = await bench.files(['export', id, '--format', format, '--out', 'FOLDER']);
    for (const [file, text] of Object.entries(files)) made[`export ${format}/${file}`] = text;
  }
  if (drawn.includes(record)) {
    const card = await bench.files(['export', id, '--format', 'card', '--out', 'FOLDER/card.png']);
    made['export card'] = card['card.png'] ?? card.failure ?? '';
  }
  for (const words of shows) made[['show', ...words].join(' ')] = await bench.print(['show', id, ...words]);
  made[`show, in a terminal of ${narrow} columns`] = await bench.print(['show', id], narrow);
  return made;
}
const valued = {
  'json --with-values': ['--format', 'json', '--with-values'],
  'md --with-values': ['--format', 'md', '--with-values'],
};

/** What is said of many records at once has no record of its own. */
export const together = 'together';

export async function outputsTogether(bench: Bench): Promise<Texts> {
  const made: Texts = {};
  const tell = async (name: string, words: readonly string[], columns?: number) =>
    (made[name] = await bench.print(words, columns));
  for (const words of [['list'], ['list', '--all'], ['list', '--json'], ['history'], ['history', '--json']])
    await tell(words.join(' '), words);
  for (const command of ['list', 'history']) {
    await tell(`${command} --lang zh-CN`, [command, ...chinese]);
    await tell(`${command}, in a terminal of ${narrow} columns`, [command], narrow);
  }
  for (const [base, run] of comparisons) {
    const sides = [base, run].map((names) => names.split(',').map(bench.id).join(','));
    const name = `compare ${base} ${run}`;
    for (const more of [[], chinese, ['--json'], ['--fail-on', 'regression', '--minimum', '1%']])
      await tell([name, ...more].join(' '), ['compare', ...sides, ...more]);
  }
  for (const [base, run] of [
    ['repeated-a1', 'repeated-b1'],
    ['fleet-base', 'fleet-heavier'],
  ] as const)
    await tell(`compare FILE ${base} ${run}`, ['compare', bench.file(base), bench.id(run)]);
  return made;
}
