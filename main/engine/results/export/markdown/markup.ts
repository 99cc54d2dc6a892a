/** Markdown of texts that are not ours. */

/**
 * A text that is not ours as one line that says exactly that: without Markdown's own signs, without HTML, and without what makes a line
 * a list or a rule where it begins with it.
 */
export const plain = (words: string): string =>
  words
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, '')
    .replace(/[\t-\r \u2028\u2029]+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#~$&]/g, '\\$&')
    .replace(/^[-+](?!\d)/, '\\$&')
    .replace(/^(\d+)([.)])(?!\d)/, '$1\\$2');

export function grid(
  titles: readonly string[],
  isNumeric: readonly boolean[],
  rows: readonly string[][],
): string {
  const rule = isNumeric.map((numeric) => (numeric ? '--:' : '---'));
  return [titles.map(plain), rule, ...rows.map((cells) => cells.map(plain))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function fenced(words: string): string {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${words}\n${fence}`;
}
