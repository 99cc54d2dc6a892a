/** Reads OpenMetrics 1.0 text by its grammar (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md), gauges only. */

export interface MetricFamily {
  name: string;
  unit?: string;
  help?: string;
  samples: { labels: Record<string, string>; value: number }[];
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const escapedString = '(?:[^\\n"\\\\]|\\\\.)*';
const label = `([a-zA-Z_][a-zA-Z0-9_]*)="(${escapedString})"`;
const number = '[+-]?(?:\\d+(?:\\.\\d*)?|\\d*\\.\\d+)(?:e[+-]?\\d+)?';
const sample = new RegExp(`^(${name})(?:\\{((?:${label})?(?:,${label})*)\\})? (${number})$`, 's');
const descriptor = new RegExp(`^# (TYPE|UNIT|HELP) (${name}) (${escapedString})$`, 's');

const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));

/** @throws {SyntaxError} of what a reader has to refuse as a whole */
export function readOpenMetrics(text: string): MetricFamily[] {
  if (!text.endsWith('# EOF\n')) throw new SyntaxError('the end is missing');
  const families: MetricFamily[] = [];
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, kind, of, rest] = descriptor.exec(line) ?? [];
    if (kind === undefined) addSample(families.at(-1), line);
    else if (kind === 'TYPE') begin(families, of!, rest!);
    else describe(families.at(-1), kind, of!, rest!);
  }
  return families;
}

function begin(families: MetricFamily[], of: string, type: string): void {
  if (type !== 'gauge') throw new SyntaxError(`a ${type}`);
  if (families.some((family) => family.name === of)) throw new SyntaxError(`${of} twice`);
  families.push({ name: of, samples: [] });
}

function describe(family: MetricFamily | undefined, kind: string, of: string, rest: string): void {
  if (family?.name !== of || family.samples.length > 0)
    throw new SyntaxError(`${kind} of ${of} apart from it`);
  const field = kind === 'UNIT' ? 'unit' : 'help';
  if (family[field] !== undefined) throw new SyntaxError(`${kind} of ${of} twice`);
  if (kind === 'UNIT' && !of.endsWith(`_${rest}`)) throw new SyntaxError(`${of} does not end with ${rest}`);
  family[field] = unescaped(rest);
}

function addSample(family: MetricFamily | undefined, line: string): void {
  const [, of, words = '', value] = matched(line);
  if (family === undefined || of !== family.name) throw new SyntaxError(`of no family: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, key, text] of words.matchAll(new RegExp(label, 'gs'))) {
    if (Object.hasOwn(labels, key!)) throw new SyntaxError(`the label ${key} twice`);
    labels[key!] = unescaped(text!);
  }
  const same = JSON.stringify(Object.entries(labels).sort());
  if (family.samples.some((one) => JSON.stringify(Object.entries(one.labels).sort()) === same))
    throw new SyntaxError(`twice: ${line}`);
  family.samples.push({ labels, value: Number(value) });
}

/** The sample's name, labels and value; between them stand those of single labels. */
function matched(line: string): [string, string?, string?, string?] {
  const found = sample.exec(line);
  if (!found) throw new SyntaxError(`no sample: ${line}`);
  return [line, found[1], found[2], found.at(-1)];
}
