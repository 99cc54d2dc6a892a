/** What was found, kept from run to run per host and check, and the table of it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checks } from './checks';
import type { Finding } from './findings';
import { hostless } from './hostless';
import { hosts, type Host } from './hosts';

export interface Result {
  /** UTC, ISO 8601 */
  at: string;
  /** of the repository; with `+` where files were changed */
  revision: string;
  tookMinutes: number;
  findings: Finding[];
}

type Results = Record<string, Record<string, Result>>;

const fileIn = (cache: string): string => path.join(cache, 'results.json');

export const readResults = (cache: string): Results =>
  existsSync(fileIn(cache)) ? (JSON.parse(readFileSync(fileIn(cache), 'utf8')) as Results) : {};

/** @param host  the id of one, or of what is checked without any */
export function keepResult(cache: string, host: string, check: string, result: Result): void {
  const results = readResults(cache);
  (results[host] ??= {})[check] = result;
  mkdirSync(cache, { recursive: true });
  writeFileSync(fileIn(cache), JSON.stringify(results, null, 2) + '\n');
}

const goodOf = ({ findings }: Result): number => findings.filter(({ isGood }) => isGood).length;

export const isGood = (result: Result): boolean =>
  result.findings.length > 0 && goodOf(result) === result.findings.length;

/** `✓ 5/5`, `✗ 3/5` */
export const markOf = (result: Result): string =>
  `${isGood(result) ? '✓' : '✗'} ${goodOf(result)}/${result.findings.length}`;

/** `–` where it is not made, nothing where it was not made yet. */
const cellOf = (host: Host, check: string, result: Result | undefined): string =>
  host.without[check] !== undefined ? '–' : result ? markOf(result) : '';

/** Under which the results of what needs no host are kept. */
export const hostlessRow = 'here';

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

/** Host × check as Markdown, of the hosts that were checked, and below it what was found wrong and what is not checked. */
export function tableOf(results: Results): string {
  const of = (host: string, check: string) => results[host]?.[check];
  const all = Object.values(results).flatMap((checked) => Object.values(checked));
  const dates = all.map(({ at }) => at.slice(0, 10)).sort();
  const wrong = Object.entries(results).flatMap(([host, checked]) =>
    Object.entries(checked).flatMap(([check, { findings }]) =>
      findings
        .filter((finding) => !finding.isGood)
        .map(
          ({ what, instead }) => `- ${host}, ${check}: ${what}${instead ? ` (${inOneLine(instead)})` : ''}`,
        ),
    ),
  );
  const here = hostless.flatMap(({ id, title }) => {
    const result = of(hostlessRow, id);
    return result ? [`- ${title}: ${markOf(result)}`] : [];
  });
  const checked = hosts.filter(({ id }) => results[id]);
  const left = checked.flatMap(({ id, without }) =>
    Object.entries(without).map(([check, why]) => `- ${id}, ${check} is not checked: ${why}`),
  );
  return [
    row(['host', ...checks.map(({ title }) => title)]),
    row(['---', ...checks.map(() => '---')]),
    ...checked.map((host) =>
      row([`${host.id}: ${host.title}`, ...checks.map(({ id }) => cellOf(host, id, of(host.id, id)))]),
    ),
    '',
    `Checked on ${[...new Set([dates[0], dates.at(-1)])].join(' to ')}.`,
    '',
    ...[...here, ...wrong, ...left],
    '',
  ].join('\n');
}
