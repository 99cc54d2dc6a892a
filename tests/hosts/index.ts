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
import { user } from './base';
import { checks } from './checks';
import type { Finding, Terminal, Typed } from './findings';
import { hostless } from './hostless';
import { hosts, type Host } from './hosts';
import { bootHost, type Machine } from './machine';
import { packRepository } from './parcel';
import { attempt, needPrograms, type Ended } from './programs';
import { hostlessRow, isGood, keepResult, markOf, readResults, tableOf, type Result } from './results';
import { tellHowToReach, waysTo } from './reach';

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

const chosenChecks = chosen(checks, asked.checks?.split(',') ?? [], 'check');
const rows = chosen([...hosts, ...hostless], positionals, 'host');
const chosenHosts = hosts.filter((host) => rows.includes(host));
const chosenHostless = hostless.filter((one) => rows.includes(one));

type Limited = Pick<(typeof checks)[number], 'id' | 'limitMinutes'>;

const minutesSince = (startMs: number): number => Math.round((performance.now() - startMs) / 6000) / 10;

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
const revision =
  git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '');

const tare = (repository: string): string => `cd ${repository}\ntare() { node dist/main/cli.cjs "$@"; }\n`;

/** A login shell in the repository; all that it prints is added to the check's log in `folder`. */
function terminal(host: Host, machine: Machine, folder: string, { id, limitMinutes }: Limited): Terminal {
  const endpoint = host.endpoint === undefined ? '' : `export DOCKER_HOST=${host.endpoint}\n`;
  const begin = endpoint + tare(`/home/${user}/tare`);
  const circumstances = { log: path.join(folder, `${id}.log`), limitMs: limitMinutes * 60_000 };
  const typed = async (prompt: string, commands: string, ended: () => Promise<Ended>): Promise<Typed> => {
    appendFileSync(circumstances.log, `\n${prompt} ${commands}\n`);
    const done = await ended();
    return { ...done, json: parsed(done.stdout) };
  };
  return {
    host,
    type: (commands, as = user) =>
      typed(as === 'root' ? '#' : '$', commands, () =>
        machine.shell(begin + commands, { as, ...circumstances }),
      ),
    async typeHere(way, commands) {
      const variables = (await waysTo(host, machine, folder))[way];
      if (variables === undefined) return undefined;
      const own = `XDG_DATA_HOME=${path.join(folder, 'data')} TARE_LOCK_DIR=${folder}`;
      const script = `export ${variables} ${own}\n${tare('.')}${commands}`;
      return typed(`(here) ${variables}`, commands, () => attempt(['bash', '-c', script], circumstances));
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

/** Keeps what was found, and tells it. */
function note(of: { host: string; check: string }, startMs: number, at: string, findings: Finding[]): void {
  const result: Result = { at, revision, tookMinutes: minutesSince(startMs), findings };
  keepResult(cache, of.host, of.check, result);
  console.log(`  ${of.check.padEnd(12)} ${markOf(result)}  ${result.tookMinutes} min`);
  for (const { what, instead } of findings.filter(({ isGood }) => !isGood))
    console.log(`    ✗ ${what}${instead === undefined ? '' : `: ${instead}`}`);
  if (!isGood(result)) process.exitCode = 1;
}

const failed = (error: Error): Finding[] => [
  { what: 'it is checked', isGood: false, instead: error.message },
];

async function checkHost(host: Host, machine: Machine, folder: string): Promise<void> {
  for (const check of chosenChecks) {
    const { id, look } = check;
    if (host.without[id] !== undefined) continue;
    const [startMs, at] = [performance.now(), new Date().toISOString()];
    const there = terminal(host, machine, folder, check);
    note({ host: host.id, check: id }, startMs, at, await look(there).catch(failed));
  }
}

async function visit(host: Host, folder: string, parcel: string): Promise<void> {
  const bootMs = performance.now();
  const { keep, fresh } = asked;
  const machine = await bootHost(host, { cache, folder, parcel, fresh, disk: keep ? 'kept' : 'checked' });
  try {
    console.log(`  up after ${minutesSince(bootMs)} min`);
    if (!keep || asked.checks !== undefined) await checkHost(host, machine, folder);
    if (keep) await kept(host, machine, folder);
  } finally {
    await machine.end();
  }
}

async function main(): Promise<void> {
  const startMs = performance.now();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-hosts-'));
  console.log(`logs: ${folder}`);
  const here = (id: string): string => {
    mkdirSync(path.join(folder, id), { mode: 0o700 });
    return path.join(folder, id);
  };
  for (const { id, title, look } of chosenHostless) {
    const [lookMs, at] = [performance.now(), new Date().toISOString()];
    console.log(title);
    note({ host: hostlessRow, check: id }, lookMs, at, await look(cache, here(id)).catch(failed));
  }
  const parcel = chosenHosts.length > 0 ? await packRepository(folder) : '';
  for (const host of chosenHosts) {
    console.log(`${host.id}: ${host.title}`);
    await visit(host, here(host.id), parcel).catch((error: Error) => {
      process.exitCode = 1;
      console.log(`  ✗ ${error.message}`);
    });
  }
  rmSync(parcel, { force: true });
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
else
  await needPrograms()
    .then(main)
    .catch((error: Error) => {
      process.exitCode = 3;
      console.error(error.message);
    });
