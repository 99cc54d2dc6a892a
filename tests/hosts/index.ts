/**
 * `npm run test:hosts [-- HOST …] [--checks a,b] [--keep] [--fresh] [--table]`: boots hosts as users have them and checks Tare on each.
 * Ends with 1 when something was found wrong. What it prints and keeps: README.md beside this.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checks, type Terminal, type Typed } from './checks';
import { hosts, type Host } from './hosts';
import { bootHost, type Machine } from './machine';
import { packRepository } from './parcel';
import { cellOf, isGood, keepResult, readResults, tableOf, type Result } from './results';
import { tellHowToReach } from './reach';

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    checks: { type: 'string' },
    keep: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});

const cache =
  process.env.TARE_HOSTS_CACHE ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'tare-hosts');

/** @throws when one is named that is not in the table */
function chosen<T extends { id: string }>(table: readonly T[], names: string[], what: string): T[] {
  const unknown = names.filter((name) => !table.some(({ id }) => id === name));
  const all = table.map(({ id }) => id).join(', ');
  if (unknown.length > 0) throw new Error(`no ${what} ${unknown.join(', ')}; there are ${all}`);
  return table.filter(({ id }) => names.length === 0 || names.includes(id));
}

const minutesSince = (startMs: number): number => Math.round((performance.now() - startMs) / 6000) / 10;

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
const revision =
  git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '');

/** A login shell in the repository; all that it prints is added to `log`. */
function terminal(host: Host, machine: Machine, log: string, limitMs: number): Terminal {
  const endpoint = host.endpoint === undefined ? '' : `export DOCKER_HOST=${host.endpoint}\n`;
  const begin = `${endpoint}cd ~/tare\ntare() { node dist/main/cli.cjs "$@"; }\n`;
  return {
    host,
    async type(commands): Promise<Typed> {
      appendFileSync(log, `\n$ ${commands}\n`);
      const ended = await machine.shell(begin + commands, { log, limitMs });
      return { ...ended, json: parsed(ended.stdout) };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function check(host: Host, machine: Machine, folder: string): Promise<void> {
  for (const { id, limitMinutes, look } of chosenChecks) {
    if (host.without[id] !== undefined) continue;
    const startMs = performance.now();
    const log = path.join(folder, `${id}.log`);
    const at = new Date().toISOString();
    const findings = await look(terminal(host, machine, log, limitMinutes * 60_000)).catch((error: Error) => [
      { what: 'it is checked', isGood: false, instead: error.message },
    ]);
    const result: Result = { at, revision, tookMinutes: minutesSince(startMs), findings };
    keepResult(cache, host, id, result);
    console.log(`  ${id.padEnd(12)} ${cellOf(host, id, result)}  ${result.tookMinutes} min`);
    for (const { what, instead } of findings.filter((one) => !one.isGood))
      console.log(`    ✗ ${what}${instead === undefined ? '' : `: ${instead}`}`);
    if (!isGood(result)) process.exitCode = 1;
  }
}

const chosenHosts = chosen(hosts, positionals, 'host');
const chosenChecks = chosen(checks, asked.checks?.split(',') ?? [], 'check');

async function main(): Promise<void> {
  const startMs = performance.now();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-hosts-'));
  console.log(`logs: ${folder}`);
  const parcel = await packRepository(folder);
  for (const host of chosenHosts) {
    const bootMs = performance.now();
    console.log(`${host.id}: ${host.title}`);
    if (asked.fresh) rmSync(path.join(cache, `host-${host.id}.json`), { force: true });
    try {
      const place = { cache, folder: path.join(folder, host.id), parcel };
      const machine = await bootHost(host, place);
      try {
        console.log(`  up after ${minutesSince(bootMs)} min`);
        if (asked.keep) await kept(host, machine, place.folder);
        else await check(host, machine, place.folder);
      } finally {
        await machine.end();
      }
    } catch (error) {
      process.exitCode = 1;
      console.log(`  ✗ ${(error as Error).message}`);
    }
  }
  rmSync(parcel);
  const table = tableOf(readResults(cache));
  writeFileSync(path.join(cache, 'results.md'), table);
  console.log(
    `\n${table}\n${minutesSince(startMs)} min; the table: ${cache}/results.md, all findings: results.json`,
  );
}

async function kept(host: Host, machine: Machine, folder: string): Promise<void> {
  await tellHowToReach(host, machine, folder);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

if (asked.table) console.log(tableOf(readResults(cache)));
else await main();
