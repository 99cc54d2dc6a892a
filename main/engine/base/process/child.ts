/**
 * The one way to run a program to its end. Own code: execa and Node's `execFile` end a program that prints more than their buffer
 * holds, and keep how it began; what a failure is told with is how it ended.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { TareError } from '../errors';
import { accessDenied } from './accessControl';

/** What kernels are built with: whoever lacks one of them will lack the others. */
const kernelTools = 'bc bison flex gcc libc6-dev libelf-dev make';

/** Debian's package for each program Tare starts: the remedy when one is missing. */
const packages: Record<string, string> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-system-aarch64': 'qemu-system-arm',
  OVMF: 'ovmf',
  'mkfs.erofs': 'erofs-utils',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  sqfstar: 'squashfs-tools',
  cc: 'gcc libc6-dev',
  docker: 'docker-cli',
  'docker compose': 'docker-compose',
  make: kernelTools,
  flex: kernelTools,
  bison: kernelTools,
  bc: kernelTools,
  'gelf.h': kernelTools,
};

const longestEvidence = 64 * 1024;
const longestOutput = 16 * 1024 * 1024;
const patienceMs = 5000;

/** How long a program may take, by what it does. */
export const programLimits = {
  /** it tells something, or does something small: a loaded computer needs seconds for it */
  answers: 2 * 60_000,
  /** a person may have to type a password meanwhile */
  asksPerson: 10 * 60_000,
  /** it goes through a whole tree of files, or fetches and unpacks an archive */
  wholeTrees: 60 * 60_000,
  /** it compiles, such as a kernel or what a Dockerfile says, maybe on an emulated computer, and may print nothing for long */
  makes: 6 * 60 * 60_000,
} as const;

/**
 * Runs a program to its end and returns its standard output, trimmed. No shell: arguments are passed as they are.
 * On abort, and when its time is over, it is asked to end, and killed 5 s later; this settles once it is gone, whatever it has started.
 * @param options.env    added to this process's own
 * @param options.input  what it reads from its standard input; none without it
 * @param options.limitMs  default: of one that only answers
 * @param options.complained  is told what it printed to its standard error although all went well
 * @throws {TareError} `tool-missing` · `program-failed` or `access-denied` with the last 64 KiB of what it printed; the signal's
 *   reason when aborted
 */
export async function runProgram(
  program: string,
  args: string[],
  options: {
    env?: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    input?: string;
    limitMs?: number;
    complained?: (text: string) => void;
  } = {},
): Promise<string> {
  const { signal, env, input, complained, limitMs = programLimits.answers } = options;
  signal?.throwIfAborted();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(input ?? '');
  const output = lastOf(child.stdout, longestOutput);
  const errors = lastOf(child.stderr, longestEvidence);
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    child.kill('SIGKILL');
    // what it has started may hold them open for ever
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const stop = () => {
    child.kill('SIGTERM');
    timer = setTimeout(kill, patienceMs);
  };
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    stop();
  }, limitMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const [exitCode, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal?.throwIfAborted();
    if (exitCode === 0 && !isLate) {
      complained?.(errors());
      return output().trimEnd();
    }
    const exit = isLate
      ? `no end within ${limitMs / 1000} s`
      : killedBy
        ? `signal ${killedBy}`
        : `exit ${exitCode}`;
    const all = output() + errors();
    throw programFailed(program, exit, all.slice(-longestEvidence));
  } catch (error) {
    throw notStarted(program, error as Error);
  } finally {
    clearTimeout(timer);
    clearTimeout(limit);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Reads what a program prints, however long that is.
 * @param most  bytes that are kept of its end
 * @returns that end, as far as it has come
 */
export function lastOf(stream: NodeJS.ReadableStream, most: number): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    while (bytes - chunks[0]!.length > most) bytes -= chunks.shift()!.length;
  });
  return () => Buffer.concat(chunks).toString('utf8').slice(-most);
}

/** Sends a signal to a program that was started with a process group of its own, and to all who are in it. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // nobody is in it any more
  }
}

export const missingTool = (program: string): TareError =>
  new TareError({ code: 'tool-missing', program, package: packages[program] ?? program });

/**
 * What a program that failed is to be reported as.
 * @param said  what it printed itself, where `output` holds more than that
 */
export const programFailed = (program: string, exit: string, output: string, said = output): TareError =>
  new TareError(accessDenied(program, said) ?? { code: 'program-failed', program, exit, output });

/** What a program that could not even be started is to be reported as: the system's reason for it, in our words. */
export function notStarted(program: string, error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return missingTool(program);
  return code === 'EACCES' || code === 'EPERM'
    ? programFailed(program, code, '', `spawn ${program}: ${code}`)
    : error;
}
