/** What was found, kept from run to run per host and check, and the table of it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './checks';
import { checks } from './checks';
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

export function keepResult(cache: string, { id }: Host, check: string, result: Result): void {
  const results = readResults(cache);
  (results[id] ??= {})[check] = result;
  mkdirSync(cache, { recursive: true });
  writeFileSync(fileIn(cache), JSON.stringify(results, null, 2) + '\n');
}

const goodOf = ({ findings }: Result): number => findings.filter(({ isGood }) => isGood).length;

export const isGood = (result: Result): boolean =>
  result.findings.length > 0 && goodOf(result) === result.findings.length;

/** `✓ 5/5`, `✗ 3/5`, `–` where it is not made, nothing where it was not made yet. */
export function cellOf(host: Host, check: string, result: Result | undefined): string {
  if (host.without[check] !== undefined) return '–';
  return result ? `${isGood(result) ? '✓' : '✗'} ${goodOf(result)}/${result.findings.length}` : '';
}

/** Host × check as Markdown, and below it what was found wrong and what is not checked. */
export function tableOf(results: Results): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const of = (host: Host, check: string) => results[host.id]?.[check];
  const lines = [
    row(['host', ...checks.map(({ title }) => title)]),
    row(['---', ...checks.map(() => '---')]),
    ...hosts.map((host) =>
      row([`${host.id}: ${host.title}`, ...checks.map(({ id }) => cellOf(host, id, of(host, id)))]),
    ),
  ];
  const dates = hosts
    .flatMap(({ id }) => Object.values(results[id] ?? {}).map(({ at }) => at.slice(0, 10)))
    .sort();
  const span = [...new Set([dates[0], dates.at(-1)])].join(' to ');
  const wrong = hosts.flatMap((host) =>
    checks.flatMap(({ id }) =>
      (of(host, id)?.findings ?? [])
        .filter((finding) => !finding.isGood)
        .map(
          ({ what, instead = '' }) =>
            `- ${host.id}, ${id}: ${what}${instead && ` (${instead.replace(/\s+/g, ' ').slice(0, 300)})`}`,
        ),
    ),
  );
  const left = hosts.flatMap((host) =>
    Object.entries(host.without).map(([check, why]) => `- ${host.id}, ${check} is not checked: ${why}`),
  );
  return [...lines, '', `Checked on ${span}.`, '', ...wrong, ...left, ''].join('\n');
}
