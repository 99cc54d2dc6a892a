/**
 * The same starts without Tare: the tool's own command line, or the engine's API, and a tight loop that asks for the page as often as
 * Tare does.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { promisify } from 'node:util';
import type { TargetId } from '../../main/contract/targets';
import { freePort } from '../../main/engine/base/process/ports';

const run = promisify(execFile);

/** What the built-in workloads listen on. */
const builtinPort = 8080;
const cadenceMs = 4;
/** QEMU's user network accepts a connection that nobody will answer. */
const silentMs = 60;
const longestTryMs = 2000;

/** Puts a port of our own into a recorded line that leaves it open (`127.0.0.1::8080`) or names another (`:36025-:8080`). */
const withPort = (line: string[], port: number): string[] =>
  line.map((word) =>
    word
      .replace(/127\.0\.0\.1::/, `127.0.0.1:${port}:`)
      .replace(/hostfwd=tcp:127\.0\.0\.1:\d+-/, `hostfwd=tcp:127.0.0.1:${port}-`),
  );

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const place = { host: '127.0.0.1', port, agent: false, timeout: longestTryMs };
    const request = http.get(place, (response) =>
      response.resume().on('close', () => resolve(response.complete && response.statusCode === 200)),
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

/** Asks until the page comes: milliseconds since `fromMs`. A failed try is followed by the next, a silent one is joined by it. */
function untilAnswered(port: number, fromMs: number): Promise<number> {
  return new Promise((resolve) => {
    let isOver = false;
    const ask = () => {
      if (isOver) return;
      const askedAtMs = performance.now();
      let isFollowed = false;
      const follow = (afterMs: number) => {
        if (!isFollowed) setTimeout(ask, Math.max(0, askedAtMs + afterMs - performance.now()));
        isFollowed = true;
      };
      const silence = setTimeout(() => follow(silentMs), silentMs);
      void answers(port).then((isGood) => {
        clearTimeout(silence);
        if (!isGood) return follow(cadenceMs);
        isOver = true;
        resolve(performance.now() - fromMs);
      });
    };
    ask();
  });
}

/** `docker run …`: milliseconds until the page comes. */
async function containerByHand(line: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const port = await freePort();
  const env = { ...process.env, ...environment };
  const [program, ...words] = withPort(line, port) as [string, ...string[]];
  const fromMs = performance.now();
  const { stdout } = await run(program, words, { env });
  const tookMs = await untilAnswered(port, fromMs);
  await run(program, ['rm', '--force', stdout.trim()], { env });
  return tookMs;
}

const dockerSocket = '/var/run/docker.sock';

/** One call of the engine's API. @throws Error with what it answered, where that is no success */
function call(method: string, path: string, body?: object): Promise<{ Id?: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'docker', 'content-type': 'application/json' };
    const request = http.request({ socketPath: dockerSocket, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        (response.statusCode ?? 500) < 300
          ? resolve(text ? (JSON.parse(text) as { Id?: string }) : {})
          : reject(new Error(text)),
      );
    });
    request.on('error', reject).end(body && JSON.stringify(body));
  });
}

/** The two calls behind a recorded `docker run …`: milliseconds until the page comes. */
export async function containerByCalls(line: string[]): Promise<number> {
  const port = await freePort();
  const after = (option: string) => line[line.indexOf(option) + 1]!;
  const bytes = Number.parseInt(after('--memory'));
  const order = {
    Image: line.at(-1),
    ExposedPorts: { [`${builtinPort}/tcp`]: {} },
    HostConfig: {
      AutoRemove: true,
      Memory: bytes,
      MemorySwap: bytes,
      NanoCpus: Number(after('--cpus')) * 1e9,
      PortBindings: { [`${builtinPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: `${port}` }] },
    },
  };
  const fromMs = performance.now();
  const { Id: id } = await call('POST', '/containers/create', order);
  await call('POST', `/containers/${id}/start`);
  const tookMs = await untilAnswered(port, fromMs);
  await call('DELETE', `/containers/${id}?force=1`);
  return tookMs;
}

/**
 * A recorded line of QEMU, or of a plain process: milliseconds until the page comes.
 * @param fixed  the port that the application listens on, where the line does not forward one
 */
async function programByHand(line: string[], fixed?: number): Promise<number> {
  const port = fixed ?? (await freePort());
  const [program, ...words] = withPort(line, port) as [string, ...string[]];
  const fromMs = performance.now();
  const child = spawn(program, words, { stdio: 'ignore' });
  try {
    return await untilAnswered(port, fromMs);
  } finally {
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  }
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
