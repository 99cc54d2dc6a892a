/** The notation of plans: JSON, or YAML with bounds, since its parser follows every level with a call and compares every key with all others. */
import { Lexer, Parser, parse as parseYaml, YAMLParseError } from 'yaml';
import { isWithinBounds } from '../../contract/run/bounds';

/** A plan of 32 workloads takes some tens of kB. */
const mostCharacters = 1024 * 1024;
/** Lists and maps within each other; the deepest of a plan are 5, and each takes two entries of the parser's stack at most. */
const mostLevels = 100;
/** Names, values, signs and gaps: 32 workloads of two hundred lines each. */
const mostParts = 50_000;
/** How many aliases may be followed. */
const mostAliases = 100;

/** What a text says that is beyond any plan. */
export class BeyondPlans extends Error {}

/**
 * What a plan or a record says, as data without circles.
 * @throws YAMLParseError, whose message ends with line and column · {@link BeyondPlans}
 */
export function parsePlanText(text: string): unknown {
  const written = fromJson(text) ?? fromYaml(text);
  const isRecord = typeof written === 'object' && written !== null && 'schemaVersion' in written;
  if (!isWithinBounds(written) || (text.length > mostCharacters && !isRecord)) throw new BeyondPlans();
  return written;
}

/** Undefined of what is no JSON: YAML's parser then says what is wrong, and where. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromYaml(text: string): unknown {
  checkSize(text);
  try {
    // an alias within what it names makes a circle, which is no data
    return JSON.parse(
      JSON.stringify(parseYaml(text, { maxAliasCount: mostAliases, logLevel: 'error' }) ?? null),
    );
  } catch (error) {
    throw error instanceof YAMLParseError ? error : new BeyondPlans();
  }
}

/** As far as it can be told from the text's parts, one after the other. */
function checkSize(text: string): void {
  if (text.length > mostCharacters) throw new BeyondPlans();
  const parser = new Parser();
  let parts = 0;
  for (const part of new Lexer().lex(text)) {
    Array.from(parser.next(part));
    parts += 1;
    if (parser.stack.length > mostLevels || parts > mostParts) throw new BeyondPlans();
  }
}
