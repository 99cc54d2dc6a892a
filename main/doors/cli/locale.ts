import { locales, type Locale } from '../../contract/appearance';

const isLocale = (name: string): name is Locale => (locales as readonly string[]).includes(name);

/** What `--lang` was given, wherever it stands in the command line: help and errors need it before options are parsed. */
function asked(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  if (at < 0) return undefined;
  return words[at]!.startsWith('--lang=') ? words[at]!.slice('--lang='.length) : words[at + 1];
}

/** The language of a person: `--lang`, else the locale as POSIX orders its variables, else English. */
export function localeOf(argv: readonly string[], env: NodeJS.ProcessEnv): Locale {
  const name = asked(argv);
  if (name !== undefined && isLocale(name)) return name;
  const posix = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh/i.test(posix) ? 'zh-CN' : 'en';
}
