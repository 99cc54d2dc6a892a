/** Where two outputs part, for a person who has to find out why. */
import type { Texts } from './packed';

const linesBefore = 2;
const linesShown = 6;
const widest = 200;

/** The part of a line where it first differs: pages and JSON have very long ones. */
function cut(line: string | undefined, other: string | undefined): string {
  if (line === undefined) return '(ends here)';
  let at = 0;
  while (at < line.length && line[at] === other?.[at]) at += 1;
  const from = line.length <= widest ? 0 : Math.max(0, at - 60);
  return (from > 0 ? '…' : '') + line.slice(from, from + widest) + (line.length > from + widest ? '…' : '');
}

function whereTheyPart(expected: string, found: string): string {
  const [was, is] = [expected.split('\n'), found.split('\n')];
  let first = 0;
  while (was[first] === is[first]) first += 1;
  const shared = was.slice(Math.max(0, first - linesBefore), first).map((line) => `    ${cut(line, line)}`);
  const parted: string[] = [];
  for (let at = first; at < Math.max(was.length, is.length) && parted.length < linesShown; at += 1) {
    if (was[at] === is[at]) continue;
    parted.push(`  - ${cut(was[at], is[at])}`, `  + ${cut(is[at], was[at])}`);
  }
  return [`  line ${first + 1}:`, ...shared, ...parted].join('\n');
}

/** One paragraph per output that is not as it was. `-` is expected, `+` is what Tare makes of it now. */
export function differences(record: string, expected: Texts, found: Texts): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort().flatMap((name) => {
    const [was, is] = [expected[name], found[name]];
    if (was === is) return [];
    const title = `${record}: ${name}`;
    if (was === undefined) return [`${title}\n  is new`];
    if (is === undefined) return [`${title}\n  is not made any more`];
    return [`${title}\n${whereTheyPart(was, is)}`];
  });
}
