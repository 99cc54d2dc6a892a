/** How long the history of a machine that measures every hour for a year takes to be told: `tare list`, `tare show`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { historyCalls } from '../../main/engine/results/history/history';
import { runFile, runFolder } from '../../main/engine/base/paths';
import { fakeReportedRun } from '../support/fakes/fakeRun';
import { figure } from './figures';

const runs = 10_000;
const rounds = 7;
const hourMs = 3_600_000;
const built = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');

const idOf = (at: number): string => {
  const [day, time] = new Date(Date.UTC(2025, 0, 1) + at * hourMs).toISOString().slice(0, 19).split('T');
  return `${day!.replaceAll('-', '')}-${time!.replaceAll(':', '')}-00ff`;
};

export async function timeHistory(): Promise<void> {
  const data = mkdtempSync(path.join(os.tmpdir(), 'tare-history-'));
  try {
    const bytes = fill(data);
    console.log(`${runs.toLocaleString('en')} runs, ${(bytes / 1e6).toFixed(0)} MB of records`);
    const calls = historyCalls(data, () => []);
    const some = idOf(runs / 2);
    figure('the index made from the records', await timed(1, () => calls.runs({})));
    figure('runs, from the index', await timed(rounds, () => calls.runs({})));
    figure('one run', await timed(rounds, () => calls.run({ id: some })));
    for (const words of [['--version'], ['list'], ['list', '--json'], ['show', some], ['show', 'last']]) {
      const cpuMs: number[] = [];
      const tookMs = await timed(rounds, () => cpuMs.push(tare(data, words)));
      figure(`tare ${words.join(' ')}`, tookMs);
      figure('  its CPU time, whatever else the machine does', cpuMs);
    }
  } finally {
    rmSync(data, { recursive: true });
  }
}

/** @returns the size of all records */
function fill(data: string): number {
  const run = fakeReportedRun();
  let bytes = 0;
  for (let at = 0; at < runs; at += 1) {
    const id = idOf(at);
    const text = JSON.stringify({ ...run, id });
    mkdirSync(runFolder(data, id), { recursive: true });
    writeFileSync(runFile(data, id), text);
    bytes += text.length;
  }
  return bytes;
}

async function timed(times: number, work: () => unknown): Promise<number[]> {
  const tookMs: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const fromMs = performance.now();
    await work();
    tookMs.push(performance.now() - fromMs);
  }
  return tookMs;
}

/** Runs the built program. @returns its CPU time in ms, as the shell tells it */
function tare(data: string, words: string[]): number {
  const line = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1';
  const program = [process.execPath, built, ...words, '--data-folder', data];
  const { stderr } = spawnSync('bash', ['-c', line, 'tare', ...program], { encoding: 'utf8' });
  const [user, system] = stderr.trim().split(' ').map(Number);
  return (user! + system!) * 1000;
}
