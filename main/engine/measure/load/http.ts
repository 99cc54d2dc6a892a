/**
 * HTTP load in an open model: requests are due on a fixed grid, whether earlier ones were answered or not, and a latency counts from
 * the instant at which its request was due. A server that stalls for a second so delays all who would have come in that second, as
 * it would in life; counting from the send would leave them out (Gil Tene's "coordinated omission"). The histogram is Node's own
 * HdrHistogram: three significant digits at any size.
 *
 * The sender is ours because the well-kept ones do something else: autocannon and wrk are closed models, in which a slow answer
 * holds the next request back; wrk2 and k6 are programs of their own, which a user would have to install.
 */
import http from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LoadOrder } from '../../../contract/run/load';
import { sleep } from '../../base/signals';
import { percentilesOf, type ServerLoad } from './percentiles';

interface Address {
  host: string;
  port: number;
  path: string;
}

/** Beyond this many unanswered ones a request is withheld, and counted: the host must not run out of sockets. */
const mostWaiting = 256;
/** How long the last answers are waited for, and how long a connection may be silent until its request counts as failed. */
const patienceMs = 5000;
const perMs = 1000; // the histogram holds whole microseconds

interface Tally {
  latency: RecordableHistogram;
  lateness: RecordableHistogram;
  sent: number;
  answered: number;
  failed: number;
  withheld: number;
  waiting: number;
}

/**
 * Sends `seconds` × `ratePerSecond` requests and waits for their answers.
 * @throws AbortError when aborted; no request is under way then
 */
export async function loadHttp(
  to: Address,
  { ratePerSecond, seconds }: LoadOrder,
  signal: AbortSignal,
): Promise<ServerLoad> {
  signal.throwIfAborted();
  const agent = new http.Agent({ keepAlive: true, maxSockets: mostWaiting });
  const tally: Tally = {
    latency: createHistogram(),
    lateness: createHistogram(),
    ...{ sent: 0, answered: 0, failed: 0, withheld: 0, waiting: 0 },
  };
  const count = Math.max(1, Math.round(ratePerSecond * seconds));
  const beganMs = performance.now();
  let offered: { answered: number; tookMs: number };
  try {
    await onGrid(beganMs, 1000 / ratePerSecond, count, signal, (dueMs) => {
      if (tally.waiting >= mostWaiting) tally.withheld += 1;
      else send(to, agent, dueMs, tally);
    });
    await sleep(Math.max(0, beganMs + seconds * 1000 - performance.now()), signal);
    offered = { answered: tally.answered, tookMs: performance.now() - beganMs };
    await answersOf(tally, signal);
  } finally {
    agent.destroy();
  }
  const tookMs = performance.now() - beganMs;
  const { sent, answered, failed, withheld, latency, lateness } = tally;
  return {
    ...{ sent, answered, failed: failed + tally.waiting, withheld, tookMs },
    answeredPerSecond: offered.answered / (offered.tookMs / 1000),
    ...percentilesOf(latency),
    latenessMs: sent > 0 ? lateness.percentile(99) / perMs : 0,
  };
}

/** Calls `act` for each instant of the grid; those that a busy event loop missed are called at once, none is left out. */
function onGrid(
  beganMs: number,
  stepMs: number,
  count: number,
  signal: AbortSignal,
  act: (dueMs: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const tick = () => {
      const nowMs = performance.now();
      while (next < count && beganMs + next * stepMs <= nowMs) act(beganMs + next++ * stepMs);
      if (next < count) timer = setTimeout(tick, Math.max(0, beganMs + next * stepMs - performance.now()));
      else {
        signal.removeEventListener('abort', abort);
        resolve();
      }
    };
    signal.addEventListener('abort', abort, { once: true });
    tick();
  });
}

function send({ host, port, path }: Address, agent: http.Agent, dueMs: number, tally: Tally): void {
  tally.sent += 1;
  tally.waiting += 1;
  tally.lateness.record(Math.max(1, Math.round((performance.now() - dueMs) * perMs)));
  let settled = false;
  const settle = (ok: boolean) => {
    if (settled) return;
    settled = true;
    tally.waiting -= 1;
    if (!ok) {
      tally.failed += 1;
      return;
    }
    tally.answered += 1;
    tally.latency.record(Math.max(1, Math.round((performance.now() - dueMs) * perMs)));
  };
  const request = http.get({ host, port, path, agent, timeout: patienceMs }, (response) => {
    const ok = (response.statusCode ?? 500) < 400;
    response.on('error', () => settle(false));
    response.on('end', () => settle(ok));
    response.resume();
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => settle(false));
  request.on('close', () => settle(false)); // broken off without an error
}

const lookEveryMs = 5;

/** What has not come by then counts as failed. */
async function answersOf(tally: Tally, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  while (tally.waiting > 0 && performance.now() < untilMs) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
