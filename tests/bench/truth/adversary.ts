/**
 * A server that turns ready at a given instant, in a process of its own: `adversary.ts BEFORE AFTER COST_MS`. It prints its port, is
 * told by a line of JSON from when on it is asked and when it is to turn, and prints what it saw when its input ends.
 */
import net from 'node:net';
import { createInterface } from 'node:readline';

/** What becomes of those who ask too early. */
const early = {
  'first-silent': (socket: net.Socket, number: number) => void (number > 1 && refuse(socket)),
  silent: () => undefined,
  '503': refuse,
  reset: (socket: net.Socket) => void socket.resetAndDestroy(),
  /** they wait in the queue of an application that listens before it serves */
  queued: (socket: net.Socket) => void jobs.push({ socket, leftMs: costMs }),
} satisfies Record<string, (socket: net.Socket, number: number) => void>;

/** How it answers once it is ready. */
const late = {
  'at-once': answer,
  /** each after a while, side by side, without work */
  waits: (socket: net.Socket) => void setTimeout(() => answer(socket), costMs),
  /** each takes so much of the one processor; one after the other, or all of them by turns */
  queue: (socket: net.Socket) => void jobs.push({ socket, leftMs: costMs }),
  shares: (socket: net.Socket) => void jobs.push({ socket, leftMs: costMs }),
} satisfies Record<string, (socket: net.Socket) => void>;

export type Early = keyof typeof early;
export type Late = keyof typeof late;
/** What the server saw. Instants are the host's monotonic clock, in ms. */
export interface Testimony {
  asked: number;
  /** of them when it was ready */
  askedReady: number;
}

const [before, after, cost] = process.argv.slice(2) as [Early, Late, string];
const costMs = Number(cost);
const jobs: { socket: net.Socket; leftMs: number }[] = [];
const seen: Testimony = { asked: 0, askedReady: 0 };
let turnsAtMs = Infinity;

const now = () => Number(process.hrtime.bigint()) / 1e6;

function refuse(socket: net.Socket): void {
  socket.end('HTTP/1.1 503 Not yet\r\nconnection: close\r\n\r\n');
}
function answer(socket: net.Socket): void {
  socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
}

/** Works on one job after the other, or a millisecond on each in turn. Nobody's going away is noticed. */
function work(): void {
  const job = now() >= turnsAtMs ? jobs.shift() : undefined;
  if (!job) setTimeout(work, 1);
  else {
    const spentMs = after === 'shares' ? Math.min(1, job.leftMs) : job.leftMs;
    for (const until = now() + spentMs; now() < until;);
    job.leftMs -= spentMs;
    if (job.leftMs > 0) jobs.push(job);
    else answer(job.socket);
    setImmediate(work);
  }
}

const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    seen.asked += 1;
    if (now() < turnsAtMs) return early[before](socket, seen.asked);
    seen.askedReady += 1;
    late[after](socket);
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as net.AddressInfo).port));

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  turnsAtMs = (JSON.parse(line) as { turnsAtMs: number }).turnsAtMs;
  if (after === 'queue' || after === 'shares') work();
});
lines.once('close', () => {
  console.log(JSON.stringify(seen));
  process.exit(0);
});
