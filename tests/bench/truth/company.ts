/**
 * Seven runs of `quick` by the built command line, beside 0, 2 and 6 containers of a stranger and with other settings of huge pages, and
 * every pair of them compared. Between runs in equal conditions nothing has changed; of the others the condition must be named.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunComparison } from '../../../main/contract/report/comparison';
import type { Run } from '../../../main/contract/run/run';
import { median } from '../../../main/engine/results/statistics/summary';

const program = path.resolve('dist/main/cli.cjs');
const hugePages = '/sys/kernel/mm/transparent_hugepage/enabled';
const mebibyte = 1024 ** 2;

/** What a run had beside it. */
interface Company {
  strangers: number;
  pages: 'never' | 'madvise' | 'always';
}

const companies: Company[] = [
  { strangers: 0, pages: 'madvise' },
  { strangers: 2, pages: 'madvise' },
  { strangers: 6, pages: 'madvise' },
  { strangers: 0, pages: 'never' },
  { strangers: 0, pages: 'never' },
  { strangers: 0, pages: 'always' },
  { strangers: 0, pages: 'madvise' },
];

const docker = (...words: string[]): string => execFileSync('docker', words, { encoding: 'utf8' }).trim();

function tare(folder: string, ...words: string[]): string {
  const line = [program, '--data-folder', folder, ...words];
  return execFileSync(process.execPath, line, {
    encoding: 'utf8',
    maxBuffer: 256 * mebibyte,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

export async function runsInCompany(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-company-'));
  const before = /\[(\w+)\]/.exec(readFileSync(hugePages, 'utf8'))![1]!;
  const strangers: string[] = [];
  const runs: Run[] = [];
  try {
    for (const { strangers: wanted, pages } of companies) {
      writeFileSync(hugePages, pages);
      const image = runs[0]?.environment.images[0]?.digest;
      while (strangers.length > wanted) docker('rm', '-f', strangers.pop()!);
      while (image && strangers.length < wanted) strangers.push(docker('run', '-d', image));
      runs.push(JSON.parse(tare(folder, 'run', 'quick', '--json')) as Run);
      tell(runs.at(-1)!, companies[runs.length - 1]!);
    }
    comparePairs(folder, runs);
  } finally {
    writeFileSync(hugePages, before);
    for (const id of strangers) docker('rm', '-f', id);
    rmSync(folder, { recursive: true });
  }
  await Promise.resolve();
}

function tell({ trials }: Run, { strangers, pages }: Company): void {
  const owns = [...new Set(trials.map(({ target }) => target))].map((target) => {
    const bytes = trials
      .filter((trial) => trial.target === target)
      .flatMap(({ memory }) => memory.hostBytes ?? []);
    return `${target} ${(median(bytes) / mebibyte).toFixed(1)} MiB`;
  });
  console.log(`beside ${strangers} containers, huge pages ${pages}: ${owns.join(', ')}`);
}

function comparePairs(folder: string, runs: Run[]): void {
  const found = { equal: 0, changed: 0, unequal: 0, unnamed: 0 };
  runs.forEach((base, one) => {
    runs.slice(one + 1).forEach((other, further) => {
      const [a, b] = [companies[one]!, companies[one + 1 + further]!];
      const equal = a.strangers === b.strangers && a.pages === b.pages;
      const compared = JSON.parse(tare(folder, 'compare', base.id, other.id, '--json')) as RunComparison;
      const memory = compared.metrics.filter(({ metric }) => metric === 'hostBytes');
      const changed = memory.some(({ judgement }) => ['faster', 'slower'].includes(judgement));
      const named = compared.differences.filter(({ kind }) => kind === 'conditions').map(({ what }) => what);
      found[equal ? 'equal' : 'unequal'] += 1;
      if (equal && changed) found.changed += 1;
      if (!equal && named.length === 0) found.unnamed += 1;
      const ratios = memory.map(({ target, ratio }) => `${target} ${ratio.toFixed(3)}`).join(', ');
      console.log(
        `${one + 1} and ${one + 2 + further}: ${ratios}${changed ? ' changed' : ''}; conditions: ${named.join(', ') || 'none'}`,
      );
    });
  });
  console.log(
    `pairs in equal conditions ${found.equal}, of them called changed ${found.changed} (must be 0)`,
  );
  console.log(
    `pairs in unequal conditions ${found.unequal}, without a condition named ${found.unnamed} (must be 0)`,
  );
}
