import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import type { RunEvent } from '../../../../../main/contract/run/stream';
import { TareError } from '../../../../../main/engine/base/errors';
import { followRun } from '../../../../../main/engine/remote/fleet/follow';
import { hostLimits } from '../../../../../main/engine/remote/fleet/limits';
import { LogOutput } from '../../../../../main/engine/remote/swarm/log';
import { runTask } from '../../../../../main/engine/remote/swarm/task/task';
import { TaskChannel, type NodeTask } from '../../../../../main/engine/remote/swarm/taskChannel';
import { Unwrapped, Wrapped } from '../../../../../main/engine/remote/swarm/wrapped';
import { record, start, wayTo, type Far } from '../../../../support/fleet/channels';
import { plan, runId } from '../../../../support/fleet/plan';
import { written } from '../../../../support/fleet/written';

const outputTo = (log: LogOutput, widest: { bytes: number }): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      for (const line of chunk.toString('latin1').split('\n'))
        widest.bytes = Math.max(widest.bytes, line.length);
      log.write(written('stdout', chunk));
      done(); // an engine keeps it, whoever reads it
    },
  });

/** A task on whose node Tare is this, as its manager tells of it. */
function staged(node: (far: Far) => void) {
  const log = new LogOutput();
  const stopping = new AbortController();
  const widest = { bytes: 0 };
  const output = outputTo(log, widest);
  const order = { plan, output, stop: stopping.signal };
  const done = runTask({ plan }, { ...order, node: wayTo(node).open([]) });
  void done.then(() => output.end(() => log.end()));
  const task = {
    stops: 0,
    log: () => Promise.resolve(log),
    ended: () =>
      done.then((isDone): Failure | undefined =>
        isDone ? undefined : { code: 'task-failed', state: 'failed', exit: 'exit 1', output: '' },
      ),
    stop() {
      task.stops += 1;
      stopping.abort();
      return Promise.resolve();
    },
  };
  return { task, done, widest };
}

interface Followed {
  run: unknown;
  events: RunEvent[];
}

async function follow(
  task: NodeTask,
  { readingMs = 5000, stop = new AbortController() } = {},
): Promise<Followed> {
  const events: RunEvent[] = [];
  const way = { explain: () => undefined, open: () => new TaskChannel(task, readingMs) };
  const run = await followRun(way, {
    ...{ plan, anyway: false, limits: hostLimits, helloMs: 20_000, signal: stop.signal },
    begun: () => undefined,
    hear: (event) => void events.push(event),
    large: () => Promise.resolve(),
  });
  return { run, events };
}

const event = { kind: 'samples', run: runId, samples: [] };

it('is followed as any host is, and its service is taken away in the end', async () => {
  const long = { ...record, run: { ...record.run, session: '“ü\u{1F40E}\\“'.repeat(20_000) } };
  const { task, done, widest } = staged(({ say, gone }) => {
    [start, event, long].forEach(say);
    gone();
  });
  expect(await follow(task)).toEqual({ run: long.run, events: [event] });
  expect(await done).toBe(true);
  expect(task.stops).toBe(1);
  expect(widest.bytes, 'engines cut longer lines').toBeLessThan(16 * 1024);
});

it('is told its plan', async () => {
  let heard = '';
  const { task } = staged(({ heard: input, say, gone }) => {
    input.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      [start, record].forEach(say);
      gone();
    });
  });
  await follow(task);
  expect(JSON.parse(heard)).toEqual(plan);
});

it.each<[string, (far: Far) => void, object]>([
  [
    'could not begin',
    ({ say, gone }) => {
      say({ kind: 'start', schemaVersion: 1, version: '1' });
      say({ kind: 'failure', failure: { code: 'machine-busy', call: 'run', pid: 7, startedAt: 'x' } });
      gone({ exit: 'exit 3' });
    },
    { code: 'machine-busy' },
  ],
  [
    'was killed while it measured',
    ({ say, gone }) => (say(start), gone({ exit: 'exit 137', output: 'gone' })),
    { code: 'agent-ended', exit: 'exit 137', output: 'gone' },
  ],
  [
    'was never there',
    ({ gone }) => gone({ exit: '', failure: { code: 'docker-unreachable', tried: [] } }),
    { code: 'docker-unreachable' },
  ],
])('tells why Tare on its node %s', async (_, node, failure) => {
  await expect(follow(staged(node).task)).rejects.toMatchObject({ failure });
});

it('brings home what a run came to that it is told to stop', async () => {
  const stop = new AbortController();
  const { task, done } = staged(({ heard, say, gone }) => {
    say(start);
    heard.on('end', () => {
      say({ ...record, run: { ...record.run, state: 'stopped' } });
      gone({ exit: 'exit 130' });
    });
    heard.resume();
    setImmediate(() => stop.abort());
  });
  expect(await follow(task, { stop })).toMatchObject({ run: { state: 'stopped' } });
  expect(await done).toBe(true);
});

const never = new Promise<never>(() => undefined);
const dead = (log: () => Promise<LogOutput>, ended: Promise<Failure | undefined>): NodeTask => ({
  log,
  ended: () => ended,
  stop: () => Promise.resolve(),
});
function logOf(output: string, complaint: string): () => Promise<LogOutput> {
  const log = new LogOutput();
  log.write(written('stdout', output));
  log.end(written('stderr', complaint));
  return () => Promise.resolve(log);
}
const killed: Failure = { code: 'task-failed', state: 'failed', exit: 'exit 137', output: '' };
const image: Failure = { code: 'agent-image-missing', image: 'tare-agent:1' };

it.each<[string, NodeTask, object]>([
  [
    'was killed, and whose log is left open',
    dead(() => Promise.resolve(new LogOutput()), Promise.resolve(killed)),
    killed,
  ],
  [
    'came to its end, and whose log is left open',
    dead(() => Promise.resolve(new LogOutput()), Promise.resolve(undefined)),
    { code: 'agent-ended' },
  ],
  [
    'still runs although its log has ended',
    dead(logOf('Segmentation fault\n', 'out of memory'), never),
    { code: 'agent-ended', output: 'out of memory' },
  ],
  ['never began', dead(() => Promise.reject(new TareError(image)), Promise.resolve(image)), image],
  [
    'died before it said anything',
    dead(logOf('', 'no socket here'), Promise.resolve({ ...killed, output: 'non-zero exit' })),
    { ...killed, output: 'no socket here' },
  ],
])('says how a task ended that %s', async (_, task, failure) => {
  await expect(follow(task, { readingMs: 20 })).rejects.toMatchObject({ failure });
});

it('joins lines however they were cut', async () => {
  const text = `${'\\ü\\\\'.repeat(9000)}"\n{"short":1}\n\n${'x'.repeat(8192)}\n`;
  const [wrapped, unwrapped] = [new Wrapped(), new Unwrapped()];
  const oneByOne = new PassThrough();
  wrapped.on('data', (chunk: Buffer) => chunk.forEach((byte) => oneByOne.write(Buffer.from([byte]))));
  wrapped.on('end', () => oneByOne.end());
  oneByOne.pipe(unwrapped);
  wrapped.end(text);
  const pieces: Buffer[] = [];
  for await (const piece of unwrapped as AsyncIterable<Buffer>) pieces.push(piece);
  expect(Buffer.concat(pieces).toString() === text).toBe(true);
});
