/**
 * How late Tare tells that an application is ready that makes it hard to see, and how much it asks for that. The application's own
 * clock is the truth: it knows when it turned.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ProcessCounters } from '../../../main/engine/base/process/counters';
import { waitReady, type Ready } from '../../../main/engine/measure/workloads/readiness';
import { median } from '../../../main/engine/results/statistics/summary';
import type { Early, Late, Testimony } from './adversary';

const turnsAfterMs = [300, 1000, 3000];
const repeats = 5;
const mostLateMs = 15;

/** What it does before it is ready, how it answers then, and what an answer takes. */
interface Adversary {
  name: string;
  before: Early;
  after: Late;
  costMs: number;
}

const quick: Adversary[] = (['first-silent', 'silent', '503', 'reset'] as const).map((before) => ({
  name: { 'first-silent': 'first connection silent, then 503', silent: 'silent', 503: '503', reset: 'reset' }[
    before
  ],
  before,
  after: 'at-once',
  costMs: 0,
}));

const slow: Adversary[] = [
  { name: 'reset, then 200 ms an answer', before: 'reset', after: 'waits', costMs: 200 },
  { name: 'silent, then 200 ms an answer', before: 'silent', after: 'waits', costMs: 200 },
  { name: 'reset, then 20 ms of work each in turn', before: 'reset', after: 'queue', costMs: 20 },
  { name: 'listens, then 20 ms of work each in turn', before: 'queued', after: 'queue', costMs: 20 },
  { name: 'reset, then 20 ms of work, shared', before: 'reset', after: 'shares', costMs: 20 },
  { name: 'reset, then 100 ms of work, shared', before: 'reset', after: 'shares', costMs: 100 },
];

interface Outcome extends Testimony {
  lateMs: number;
  resolutionMs?: number;
}

const program = path.join(import.meta.dirname, 'adversary.ts');
const runner = path.resolve(import.meta.dirname, '../../../node_modules/vite-node/dist/cli.mjs');
const clockMs = () => Number(process.hrtime.bigint()) / 1e6;

async function meet({ before, after, costMs }: Adversary, afterMs: number): Promise<Outcome> {
  const child = spawn(process.execPath, [runner, program, before, after, `${costMs}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  try {
    const port = Number(await next());
    const counters = new ProcessCounters(child.pid!);
    const read = () => Promise.resolve(counters.read() ?? {});
    const turnsAtMs = clockMs() + afterMs;
    child.stdin.write(JSON.stringify({ turnsAtMs }) + '\n');
    const patience = AbortSignal.timeout(afterMs + 30_000);
    const ready: Ready = await waitReady(
      { host: '127.0.0.1', port, read },
      { kind: 'http', path: '/' },
      patience,
      {
        lastAnswer: '',
      },
    );
    const readyAtMs = ready.atMs + (clockMs() - performance.now());
    counters.close();
    child.stdin.end();
    const seen = JSON.parse(await next()) as Testimony;
    const { resolutionMs } = ready;
    return { ...seen, lateMs: readyAtMs - turnsAtMs, ...(resolutionMs !== undefined && { resolutionMs }) };
  } finally {
    child.kill('SIGKILL');
  }
}

async function tell(adversary: Adversary, afterMs: number, must?: number): Promise<void> {
  const met: Outcome[] = [];
  for (let time = 0; time < repeats; time += 1) met.push(await meet(adversary, afterMs));
  const late = met.map(({ lateMs }) => lateMs);
  const told = met.flatMap(({ resolutionMs }) => resolutionMs ?? []);
  const show = (values: number[]) =>
    values.length > 0 ? `${median(values).toFixed(1)} (at most ${Math.max(...values).toFixed(1)})` : '—';
  const holds = must === undefined ? ' ' : median(late) <= must && told.length === repeats ? '✓' : '✗';
  console.log(
    [
      `${holds} ${adversary.name.padEnd(42)} T ${`${afterMs}`.padStart(4)}`,
      `late by ${show(late).padEnd(24)}`,
      `resolution ${show(told).padEnd(24)}`,
      `asked ${median(met.map(({ asked }) => asked))}, when ready ${median(met.map(({ askedReady }) => askedReady))}`,
      ...(must === undefined ? [] : [`must be ≤ ${must} ms, resolution told`]),
    ].join('  '),
  );
}

export async function readinessFound(): Promise<void> {
  for (const adversary of quick)
    for (const afterMs of turnsAfterMs) await tell(adversary, afterMs, mostLateMs);
  for (const adversary of slow) for (const afterMs of [300, 1000]) await tell(adversary, afterMs);
}
