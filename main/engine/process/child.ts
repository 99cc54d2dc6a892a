import { execa, type Options } from 'execa';
import { TareError } from '../errors';

/** Debian's package for each program Tare starts: the remedy when one is missing. */
const packages: Record<string, string> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-system-aarch64': 'qemu-system-arm',
  'mkfs.erofs': 'erofs-utils',
  setpriv: 'util-linux',
  cc: 'gcc libc6-dev',
  docker: 'docker-cli',
};

const longestOutput = 64 * 1024;

/**
 * Runs a program to its end and returns its output, trimmed. No shell: arguments are passed as they are.
 * On abort it is asked to end, and killed 5 s later.
 * @throws {TareError} `tool-missing` · `program-failed` with the last 64 KiB of what it printed; AbortError when aborted
 */
export async function runProgram(
  program: string,
  args: string[],
  options: Pick<Options, 'cwd' | 'env' | 'input'> & { signal?: AbortSignal } = {},
): Promise<string> {
  const { signal, ...rest } = options;
  const result = await execa(program, args, {
    ...rest,
    ...(signal && { cancelSignal: signal }),
    reject: false,
    all: true,
    forceKillAfterDelay: 5000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!result.failed) return String(result.stdout);
  signal?.throwIfAborted();
  if (result.code === 'ENOENT') throw missingTool(program);
  const exit = result.signal ? `signal ${result.signal}` : `exit ${result.exitCode ?? '?'}`;
  throw new TareError({ code: 'program-failed', program, exit, output: (result.all ?? '').slice(-longestOutput) });
}

export const missingTool = (program: string): TareError =>
  new TareError({ code: 'tool-missing', program, package: packages[program] ?? program });
