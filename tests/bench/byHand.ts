/** The same starts without Tare: a shell, the tool's own command line, and curl. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { TargetId } from '../../main/contract/targets';
import { freePort } from '../../main/engine/process/ports';

const run = promisify(execFile);

/** What the built-in workloads listen on. */
const builtinPort = 8080;

/** Each try waits at most 250 ms, because QEMU's user network accepts a connection that nobody will answer. */
const untilAnswered = 'until curl -sf -m 0.25 -o /dev/null "http://127.0.0.1:$PORT/"; do :; done';

/** Puts a port of our own into a recorded line that leaves it open (`127.0.0.1::8080`) or names another (`:36025-:8080`). */
const withPort = (line: string[], port: number): string[] =>
  line.map((word) =>
    word
      .replace(/127\.0\.0\.1::/, `127.0.0.1:${port}:`)
      .replace(/hostfwd=tcp:127\.0\.0\.1:\d+-/, `hostfwd=tcp:127.0.0.1:${port}-`),
  );

/** `docker run …`, then curl until the page comes: milliseconds by the shell's clock. */
async function containerByHand(line: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const port = await freePort();
  const script = `
    from=$(date +%s%N); id=$("$@"); ${untilAnswered}
    echo $(( $(date +%s%N) - from )); docker rm -f "$id" >/dev/null`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...withPort(line, port)], {
    env: { ...process.env, ...environment, PORT: String(port) },
  });
  return Number(stdout) / 1e6;
}

/**
 * A recorded line of QEMU, or of a plain process, in the background; then curl until the page comes.
 * @param fixed  the port that the application listens on, where the line does not forward one
 */
async function programByHand(line: string[], fixed?: number): Promise<number> {
  const port = fixed ?? (await freePort());
  const script = `
    from=$(date +%s%N); "$@" </dev/null >/dev/null 2>&1 & program=$!
    ${untilAnswered}
    echo $(( $(date +%s%N) - from )); kill -KILL $program; wait`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...withPort(line, port)], {
    env: { ...process.env, PORT: String(port) },
  });
  return Number(stdout) / 1e6;
}

/** The start that a run recorded for this target, without Tare: milliseconds until the page came. */
export function byHand(
  target: TargetId,
  line: string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<number> {
  if (target.startsWith('container')) return containerByHand(line, environment);
  return programByHand(line, target === 'process' ? builtinPort : undefined);
}

/** `docker export ID` into nothing. */
export async function exportToNowhere(container: string): Promise<number> {
  const fromMs = performance.now();
  const child = spawn('docker', ['export', container], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  await once(child, 'exit');
  return performance.now() - fromMs;
}
