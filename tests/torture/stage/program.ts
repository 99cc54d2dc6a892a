/** The built command line as a program, watched from outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fieldsOf } from '../../../main/engine/base/process/proc';
import { textOf } from './leftovers';

const root = path.resolve(import.meta.dirname, '../../..');
const commandLine = path.join(root, 'dist/main/cli.cjs');

/** What it may print before the rest is dropped; a good answer is far shorter. */
const longestOutput = 8 * 1024 * 1024;
/** Of Linux's /proc: always 100 a second there. */
const ticksPerSecond = 100;
const watchEveryMs = 100;

/** More than this of its own memory is a finding, whatever it was given. */
const mostBytes = 1024 ** 3;
/** Processor time of what only reads files: wall time would judge the machine. */
const fileCpuMs = 10_000;

export interface Limits {
  /** its own processor time */
  cpuMs?: number;
  /** for what waits for others; beyond it, it hangs */
  wallMs: number;
}

/** As long as the slowest that is run here may take on a busy computer that is itself emulated. */
export const runLimits: Limits = { wallMs: 240_000 };
export const fileLimits: Limits = { cpuMs: fileCpuMs, wallMs: 120_000 };

export interface Ended {
  words: string[];
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  peakBytes: number;
  elapsedMs: number;
  /** why it was ended by force; absent: it ended, or was killed on purpose */
  hung?: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** what it has printed so far */
  stderr: () => string;
  stdout: () => string;
}

const cpuMsOf = (pid: number): number => {
  const fields = fieldsOf(textOf(`/proc/${pid}/stat`));
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000 || 0;
};
const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;

/** Starts `tare WORDS…`. */
export function startTare(
  words: string[],
  { env, cwd, limits, wrap = [] }: { env: NodeJS.ProcessEnv; cwd: string; limits: Limits; wrap?: string[] },
): Running {
  if (!existsSync(commandLine)) throw new Error(`${commandLine} is absent: npm run build comes first`);
  const [program, ...rest] = [...wrap, process.execPath, commandLine, ...words] as [string, ...string[]];
  const startedMs = performance.now();
  const child = spawn(program, rest, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (printed[name].length < longestOutput) printed[name] += text;
    });
  let peakBytes = 0;
  let hung: string | undefined;
  const watch = setInterval(() => {
    if (child.pid === undefined) return;
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
    const wall = performance.now() - startedMs;
    const cpu = limits.cpuMs === undefined ? 0 : cpuMsOf(child.pid);
    if (limits.cpuMs !== undefined && cpu > limits.cpuMs)
      hung ??= `${Math.round(cpu / 1000)} s of processor time`;
    if (wall > limits.wallMs) hung ??= `${Math.round(wall / 1000)} s`;
    if (hung !== undefined) child.kill('SIGKILL');
  }, watchEveryMs);
  const ended = (async (): Promise<Ended> => {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    clearInterval(watch);
    await new Promise((resolve) => setImmediate(resolve)); // what it wrote last is still in the pipe
    const elapsedMs = performance.now() - startedMs;
    return { words, code, signal, ...printed, peakBytes, elapsedMs, ...(hung !== undefined && { hung }) };
  })();
  return { child, ended, stderr: () => printed.stderr, stdout: () => printed.stdout };
}

/** Exit codes that the README names. */
const documented: readonly (number | null)[] = [0, 1, 2, 3, 4, 130];
const stackLine = /^\s+at .{1,300}:\d+:\d+\)?$/m;

/** What of an end is a mistake of Tare, whatever it was given. */
export function wrongIn({ words, code, signal, stdout, stderr, peakBytes, hung }: Ended): string[] {
  const exitCode = signal === 'SIGINT' ? 130 : code; // so a shell tells it of one that had not begun to listen
  const told = `${stdout}\n${stderr}`;
  const name = `tare ${words.join(' ').slice(0, 300)}`;
  return [
    ...(hung ? [`${name}: hangs, ended after ${hung}`] : []),
    ...(hung === undefined && signal !== 'SIGKILL' && !documented.includes(exitCode)
      ? [`${name}: exit code ${code ?? signal}, which the README does not name`]
      : []),
    ...(stackLine.test(told) ? [`${name}: prints a stack trace: ${stackLine.exec(told)![0].trim()}`] : []),
    ...(/made a mistake|"code": ?"bug"/.test(told)
      ? [`${name}: takes it for a mistake of its own: ${/.*made a mistake.*/.exec(told)?.[0] ?? 'bug'}`]
      : []),
    ...(peakBytes > mostBytes ? [`${name}: takes ${Math.round(peakBytes / 1024 ** 2)} MiB of memory`] : []),
    ...(code !== 0 && code !== null && stdout === '' && stderr === ''
      ? [`${name}: exit ${code}, and says nothing`]
      : []),
  ];
}
