/** Pure: what of a service's health check can be asked from outside, alike on every target. */
import { wordsOf } from '../../../contract/commandLine';
import type { Probe } from '../../../contract/plan';

export interface Asked {
  probe: Probe;
  /** where the check asks; absent: at the service's own port */
  port?: number;
  /** the check is also content with what the probe is not: an answer that tells of an error */
  isStricter?: boolean;
}

/** Options of curl and wget that change nothing of what is asked for, and how many words they take with them. */
const curlOptions = new Map([
  ...['-f', '--fail', '-s', '--silent', '-S', '--show-error', '-L', '--location', '-I', '--head', '-v'].map(
    (name) => [name, 0] as const,
  ),
  ...['-o', '--output', '-m', '--max-time', '--connect-timeout', '--retry'].map((name) => [name, 1] as const),
]);
const wgetOptions = new Map([
  ...['-q', '--quiet', '--spider', '-S', '-nv', '--no-verbose', '-O-', '-qO-'].map(
    (name) => [name, 0] as const,
  ),
  ...['-O', '-qO', '-T', '-t', '--output-document', '--timeout', '--tries'].map((name) => [name, 1] as const),
]);

type Read = (words: string[]) => Asked | undefined;

const readers: Readonly<Record<string, Read>> = {
  curl: (words) => {
    const url = urlOf(words, curlOptions);
    const fails = words.some((word) => word === '--fail' || /^-[a-zA-Z]*f/.test(word));
    return url && { ...url, ...(!fails && { isStricter: true }) };
  },
  wget: (words) => urlOf(words, wgetOptions),
  pg_isready: (words) => server(words, { kind: 'postgresql' }),
  'redis-cli': (words) =>
    words.some((word) => /^ping$/i.test(word)) ? server(words, { kind: 'redis' }) : undefined,
  'valkey-cli': (words) => readers['redis-cli']!(words),
};

/**
 * The probe that asks what a health check asks.
 * @param test  as Compose writes it: `CMD` and words, or `CMD-SHELL` and a line
 * @returns undefined where the check asks something that cannot be asked from outside. That a port is open is such a thing: on the
 *   host a port proxy or QEMU has opened it before the application has
 */
export function askedBy(test: readonly string[]): Asked | undefined {
  const [how, ...rest] = test;
  const words = how === 'CMD' ? rest : how === 'CMD-SHELL' ? simpleCommand(rest.join(' ')) : undefined;
  const [program, ...args] = words ?? [];
  const name = program?.split('/').at(-1) ?? '';
  return Object.hasOwn(readers, name) ? readers[name]!(args) : undefined;
}

/** A line of a shell that comes to one command: what only makes its status 1, hides its output or looks for PONG in it is left out. */
function simpleCommand(line: string): string[] | undefined {
  const bare = line
    .trim()
    .replace(/\s*\|\|\s*(exit(\s+\d+)?|false)\s*;?$/, '')
    .replace(/\s*\|\s*grep\s+(-q\s+)?["']?PONG["']?$/, '')
    .replace(/\s*(&>|[12]?>)\s*(\/dev\/null|&[12])/g, '');
  return /[;&|<>`()]/.test(bare) ? undefined : wordsOf(bare);
}

const isLocal = (host: string): boolean =>
  ['localhost', '127.0.0.1', '0.0.0.0', '[::1]', '::1'].includes(host);

/** The words that are no options; undefined where an option is not known, since it may change what is asked. */
function withoutOptions(words: readonly string[], known: ReadonlyMap<string, number>): string[] | undefined {
  const plain: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const takes = known.get(word) ?? takenTogether(word, known);
    if (!word.startsWith('-')) plain.push(word);
    else if (takes === undefined) return undefined;
    else at += takes;
  }
  return plain;
}

/** `-fsS`, `--timeout=3` */
function takenTogether(word: string, known: ReadonlyMap<string, number>): number | undefined {
  const [name, value] = word.split('=', 2);
  if (value !== undefined) return known.has(name!) ? 0 : undefined;
  const letters = /^-(\w{2,})$/
    .exec(word)?.[1]
    ?.split('')
    .map((letter) => known.get(`-${letter}`));
  return letters?.every((takes, at) => takes === 0 || (takes === 1 && at === letters.length - 1))
    ? letters.at(-1)
    : undefined;
}

function urlOf(words: readonly string[], options: ReadonlyMap<string, number>): Asked | undefined {
  const [text, ...more] = withoutOptions(words, options) ?? [];
  if (text === undefined || more.length > 0 || text.includes('$')) return undefined;
  const written = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(written)) return undefined;
  const { protocol, hostname, port, pathname, search, username } = new URL(written);
  if (protocol !== 'http:' || username !== '' || !isLocal(hostname)) return undefined;
  return { probe: { kind: 'http', path: pathname + search }, port: port === '' ? 80 : Number(port) };
}

/** Who asks makes no difference: a server that refuses a user is up. A socket in the file system is as good as its port. */
function server(words: readonly string[], probe: Probe): Asked | undefined {
  const host = valueOf(words, '-h', '--host');
  const port = valueOf(words, '-p', '--port');
  if (host !== undefined && !isLocal(host) && !host.startsWith('/')) return undefined;
  if (port === undefined) return { probe };
  return /^\d{1,5}$/.test(port) ? { probe, port: Number(port) } : undefined;
}

/** `-p 5432`, `-p5432`, `--port 5432`, `--port=5432` */
function valueOf(words: readonly string[], short: string, long: string): string | undefined {
  const at = words.findIndex((word) => word === short || word === long);
  if (at >= 0) return words[at + 1];
  const joined = words.find(
    (word) => word.startsWith(`${long}=`) || (/^-\w\d/.test(word) && word.startsWith(short)),
  );
  return joined?.slice(joined.startsWith('--') ? long.length + 1 : short.length);
}
