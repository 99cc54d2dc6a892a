/** The same starts without Tare: a shell, the tool's own command line, and curl. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { freePort } from '../../main/engine/resources';

const run = promisify(execFile);

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
export async function containerByHand(line: string[]): Promise<number> {
  const port = await freePort();
  const script = `
    from=$(date +%s%N); id=$("$@"); ${untilAnswered}
    echo $(( $(date +%s%N) - from )); docker rm -f "$id" >/dev/null`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...withPort(line, port)], {
    env: { ...process.env, PORT: String(port) },
  });
  return Number(stdout) / 1e6;
}

/** The recorded QEMU line in the background, then curl until the page comes. */
export async function vmByHand(line: string[]): Promise<number> {
  const port = await freePort();
  const script = `
    from=$(date +%s%N); "$@" </dev/null >/dev/null 2>&1 & qemu=$!
    ${untilAnswered}
    echo $(( $(date +%s%N) - from )); kill $qemu; wait`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...withPort(line, port)], {
    env: { ...process.env, PORT: String(port) },
  });
  return Number(stdout) / 1e6;
}

/** `docker export ID` into nothing. */
export async function exportToNowhere(container: string): Promise<number> {
  const fromMs = performance.now();
  const child = spawn('docker', ['export', container], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  await once(child, 'exit');
  return performance.now() - fromMs;
}
