/** Which stretches of a waterfall are told apart: few enough to be seen, in colours that the eye can name. */
import { colourKind, type Kind } from './palette';
import { largest, type SpansSpec } from './spec';

type Span = SpansSpec['rows'][number]['spans'][number];

/** of each kind, a stretch's shade; one that is not here is too short to be told apart */
export type Shades = ReadonlyMap<Kind, ReadonlyMap<string, number>>;

export const stretchOf = ({ stretch, phase }: Span): string => stretch ?? phase;

/** of a row, from which on a stretch is named */
const leastShare = 0.08;
const mostNamed = 4;
/** The strongest for the longest, the others in the order of time; the palest comes last. */
const strongest = 0;
const inTime = [1, 4, 2];

export function shadesOfSpans({ rows }: SpansSpec): Shades {
  const found = new Map<Kind, Map<string, number>>();
  for (const kind of new Set(rows.map(({ target }) => colourKind(target)))) {
    // each stretch's largest share of a row, in the order in which they are first reached
    const shares = new Map<string, number>();
    for (const { spans } of rows.filter(({ target }) => colourKind(target) === kind)) {
      const end = largest(spans.map(({ toMs }) => toMs)) || 1;
      for (const span of spans) {
        const share = (span.toMs - span.fromMs) / end;
        shares.set(stretchOf(span), Math.max(share, shares.get(stretchOf(span)) ?? 0));
      }
    }
    const named = [...shares]
      .filter(([, share]) => share >= leastShare)
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostNamed)
      .map(([name]) => name);
    const rest = [...inTime];
    const ordered = [...shares.keys()].filter((name) => named.includes(name));
    found.set(kind, new Map(ordered.map((name) => [name, name === named[0] ? strongest : rest.shift()!])));
  }
  return found;
}
