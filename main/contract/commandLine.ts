import { kindOf, type TargetId } from './targets';

/**
 * Splits a command as a shell would, without running one: words at spaces, quotes keep a word together, a backslash takes the
 * next character as it is. Nothing is expanded.
 * @returns undefined when a quote is not closed
 */
export function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\\' && quote !== "'" && at + 1 < text.length) word = (word ?? '') + text[(at += 1)]!;
    else if (quote !== '' ? character === quote : /['"]/.test(character)) {
      quote = quote === '' ? character : '';
      word ??= ''; // an empty pair of quotes is an empty word
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A command as a person would type it into a shell: what a shell would take apart or expand is quoted. */
export const shellLine = (words: readonly string[]): string => words.map(quoted).join(' ');

/** Where the path of a home folder begins in a word of a record's line, as in `file=~/disk`: no shell would expand it there. */
const home = /(?<![^=,:])~(?=[/,]|$)/;

/** A line of a record for a shell, in which `~` is the home folder of whoever types it. */
export const recordedShellLine = ({ target, line }: { target: TargetId; line: readonly string[] }): string =>
  kindOf(target) === 'container'
    ? shellLine(line) // what is a path there is one of the container's
    : line
        .map(
          (word) =>
            word
              .split(home)
              .map((part) => part && quoted(part))
              .join('"$HOME"') || quoted(''),
        )
        .join(' ');

const escapes: Record<string, string> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };

/** `PING\r\n` as bytes to send. */
export const unescaped = (text: string): string =>
  text.replace(/\\([rnt\\])/g, (_, letter: string) => escapes[letter]!);

/** Control characters as they are typed. */
export const escaped = (text: string): string =>
  text.replace(/[\r\n\t\\]/g, (found) => `\\${Object.keys(escapes).find((key) => escapes[key] === found)!}`);
