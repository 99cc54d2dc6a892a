/** Programs that the bed runs on this computer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { bound, findProgram, withSystemFolders } from '../../main/engine/base/process/programs';

interface Circumstances {
  /** a file that is given all that the program prints */
  log?: string;
  /** after which it is killed; default: a quarter of an hour */
  limitMs?: number;
  /** fed to its standard input */
  input?: string;
}

export interface Ended {
  /** absent: it took longer than its limit and was killed */
  exit: number | undefined;
  stdout: string;
  stderr: string;
}

const usualLimitMs = 15 * 60_000;

/** Runs a program to its end; it dies with this process. */
export async function attempt(words: string[], circumstances: Circumstances = {}): Promise<Ended> {
  const { log, limitMs = usualLimitMs, input = '' } = circumstances;
  const [program, ...rest] = (await bound(words)) as [string, ...string[]];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(input);
  const file = log === undefined ? undefined : createWriteStream(log, { flags: 'a' });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      file?.write(text);
    });
  let isLate = false;
  const timer = setTimeout(() => (isLate = child.kill('SIGKILL')), limitMs);
  const [exit] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  file?.end(isLate ? `\n(killed after ${limitMs / 1000} s)\n` : `\n(exit ${exit})\n`);
  return { exit: isLate ? undefined : (exit ?? -1), ...said };
}

/** @throws when it does not end with 0, with the end of what it said */
export async function run(words: string[], circumstances: Circumstances = {}): Promise<string> {
  const { exit, stdout, stderr } = await attempt(words, circumstances);
  if (exit === 0) return stdout;
  const ending = exit === undefined ? 'took too long' : `ended with ${exit}`;
  throw new Error(`${words[0]} ${ending}: ${(stdout + stderr).slice(-2000)}`);
}

/** Debian's package of each program that is needed here. */
const packages: Record<string, string> = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  'mkfs.erofs': 'erofs-utils',
  'qemu-img': 'qemu-utils',
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-aarch64-static': 'qemu-user-static',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
  ssh: 'openssh-client',
};

/** @throws with the line that installs what is missing */
export async function needPrograms(): Promise<void> {
  process.env.PATH = withSystemFolders(process.env.PATH);
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages))
    if ((await findProgram(program)) === undefined) missing.push(name);
  if (missing.length > 0)
    throw new Error(`run this first: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
}
