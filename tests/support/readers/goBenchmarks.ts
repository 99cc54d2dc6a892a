/**
 * Reads the benchmark data format of Go as benchstat does (golang.org/design/14313-benchmark-format): what it would report as a syntax error
 * is an error here, and what it would skip is given back.
 */

interface GoResult {
  name: string;
  /** by unit, in the order of the line */
  values: [unit: string, value: string][];
  config: Record<string, string>;
}

export interface GoBenchmarks {
  results: GoResult[];
  /** by unit */
  units: Record<string, Record<string, string>>;
  skipped: string[];
}

/** What Go's unicode.IsSpace takes for a space. */
const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** @throws {SyntaxError} of a line that is none of the format's, although it begins as one */
export function readGoBenchmarks(text: string): GoBenchmarks {
  const read: GoBenchmarks = { results: [], units: {}, skipped: [] };
  const config: Record<string, string> = {};
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const pair = /^(\p{Ll}[^\s\p{Lu}:]*):(?:[ \t]+(.*)|)$/su.exec(line);
    if (line.startsWith('Benchmark')) read.results.push({ ...resultOf(line), config: { ...config } });
    else if (line.startsWith('Unit ')) metadataOf(line, read.units);
    else if (pair?.[2] !== undefined) config[pair[1]!] = pair[2];
    else if (pair) delete config[pair[1]!];
    else read.skipped.push(line);
  }
  return read;
}

function resultOf(line: string): Omit<GoResult, 'config'> {
  const [name = '', iterations = '', ...rest] = line.split(space);
  if (!/^Benchmark(\p{Lu}|$)/u.test(name)) throw new SyntaxError(`no name of a benchmark: ${name}`);
  if (!/^\d+$/.test(iterations)) throw new SyntaxError(`no number of iterations: ${iterations}`);
  if (rest.length === 0 || rest.length % 2 > 0) throw new SyntaxError(`a value without a unit: ${line}`);
  const values: [string, string][] = [];
  for (let at = 0; at < rest.length; at += 2) {
    const value = rest[at]!;
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)) throw new SyntaxError(`no number: ${value}`);
    values.push([rest[at + 1]!, value]);
  }
  return { name, values };
}

function metadataOf(line: string, units: GoBenchmarks['units']): void {
  const [, unit = '', ...pairs] = line.split(space);
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw new SyntaxError(`no key=value: ${pair}`);
    const known = (units[unit] ??= {});
    if ((known[key] ?? value) !== value) throw new SyntaxError(`${unit} has ${key} twice`);
    known[key] = value;
  }
}

/** `/key=value` parts of a name, decoded. */
export const partsOfName = (name: string): Record<string, string> =>
  Object.fromEntries(
    name
      .split('/')
      .slice(1)
      .map((part) => [
        part.slice(0, part.indexOf('=')),
        decodeURIComponent(part.slice(part.indexOf('=') + 1)),
      ]),
  );
