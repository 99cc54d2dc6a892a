import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { AgentEvent } from '../../../../../main/contract/fleet/agent';
import type { Failure } from '../../../../../main/contract/failures';
import { TareError } from '../../../../../main/engine/base/errors';
import type { Way } from '../../../../../main/engine/remote/fleet/channel';
import { connect } from '../../../../../main/engine/remote/fleet/connection';
import { dataFrame } from '../../../../../main/engine/remote/fleet/frames';
import { LogOutput } from '../../../../../main/engine/remote/swarm/log';
import { runTask } from '../../../../../main/engine/remote/swarm/task/task';
import { TapeWriter } from '../../../../../main/engine/remote/swarm/tape';
import { TaskChannel, type NodeTask } from '../../../../../main/engine/remote/swarm/taskChannel';
import { healthy } from '../../../../support/fakes/fakeAnswers';
import { scripted, type Say } from '../../../../support/fleet/channels';
import { written } from '../../../../support/fleet/written';

const plan = Plan.parse({
  name: 'test',
  trials: 1,
  workloads: [{ name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 2 ** 26 } }],
  targets: ['container'],
});
const runId = '20260801-130000-0000';
/** Longer than any answer of these takes. */
const limitMs = 60_000;
const files = { samples: Buffer.alloc(300_000, 's'), record: Buffer.from('{"id":"x"}') };

function give(say: Say, id: number, content: Buffer): void {
  for (let at = 0; at < content.length; at += 100_000)
    say.bytes(dataFrame(id, content.subarray(at, at + 100_000)));
  const sha256 = createHash('sha256').update(content).digest('hex');
  say({ id, end: { bytes: content.length, sha256 } });
  say({ id });
}

/** The agent on a node, that does as a good one does but for what is said here. */
const agent = (otherwise: Record<string, (id: number, say: Say) => void> = {}): Way =>
  scripted(({ id, call, file }, say) => {
    const what = call ?? file!;
    if (otherwise[what]) return otherwise[what](id, say);
    if (call === 'doctor') return say({ id, output: healthy });
    if (call === 'startRun') {
      say({ id, output: runId });
      say({ events: [{ kind: 'warning', text: { key: 'x' } }] });
      return say({ over: runId });
    }
    if (file === 'samples' || file === 'record') give(say, id, files[file]);
  });

const outputTo = (log: LogOutput, change: (line: string) => string = (line) => line): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      log.write(written('stdout', change(chunk.toString('latin1'))));
      done(); // an engine keeps it, whoever reads it
    },
  });

interface Staged {
  task: NodeTask & { stops: number };
  done: Promise<boolean>;
}

/** A task that runs with this agent, as its manager tells of it. */
function staged(way: Way, change?: (line: string) => string): Staged {
  const log = new LogOutput();
  const stopping = new AbortController();
  const output = outputTo(log, change);
  let end: (failure: Failure | undefined) => void = () => undefined;
  const ended = new Promise<Failure | undefined>((resolve) => (end = resolve));
  const order = { session: 'abc', image: 'tare-agent:1', plan };
  const done = runTask(order, { way, output, stop: stopping.signal });
  void done.then((isDone) => {
    output.end(() => log.end());
    end(
      isDone
        ? undefined
        : stopping.signal.aborted
          ? { code: 'stopped' }
          : { code: 'task-failed', state: 'failed', exit: 'exit 1', output: '' },
    );
  });
  const task = {
    stops: 0,
    log: () => Promise.resolve(log),
    ended: () => ended,
    stop() {
      task.stops += 1;
      stopping.abort();
      return Promise.resolve();
    },
  };
  return { task, done };
}

const wayTo = (task: NodeTask): Way => ({ explain: () => undefined, open: () => new TaskChannel(task) });
const connected = (task: NodeTask, events: AgentEvent[] = [], overs: string[] = []) =>
  connect(wayTo(task), {
    signal: new AbortController().signal,
    limitMs: 20_000,
    onEvent: (event) => void events.push(event),
    onOver: (run) => void overs.push(run),
  });

it('answers what is asked of a host with what its task tells by itself', async () => {
  const { task, done } = staged(agent());
  const [events, overs, home]: [AgentEvent[], string[], Record<string, Buffer[]>] = [[], [], {}];
  {
    await using connection = await connected(task, events, overs);
    expect(await connection.call('doctor', { again: false }, limitMs)).toEqual(healthy);
    expect(await connection.call('startRun', { plan }, limitMs)).toBe(runId);
    for (const file of ['samples', 'record'] as const)
      await connection.fetch(file, { id: runId }, limitMs, (piece) => void (home[file] ??= []).push(piece));
    await connection.call('deleteRun', { id: runId, forGood: true }, limitMs);
  }
  expect(await done).toBe(true);
  expect(events).toMatchObject([{ kind: 'warning' }]);
  expect(overs).toEqual([runId]);
  expect(Buffer.concat(home.samples!).equals(files.samples)).toBe(true);
  expect(Buffer.concat(home.record!).equals(files.record)).toBe(true);
  expect(task.stops).toBe(1); // its service is taken away
});

const refuse = (failure: object) => (id: number, say: Say) => say({ id, failure });
it('hands on why the node could not do what it was asked', async () => {
  const { task } = staged(
    agent({ startRun: refuse({ code: 'machine-busy', call: 'run', pid: 7, startedAt: 'x' }) }),
  );
  await using connection = await connected(task);
  await connection.call('doctor', { again: false }, limitMs);
  await expect(connection.call('startRun', { plan }, limitMs)).rejects.toMatchObject({
    failure: { code: 'machine-busy' },
  });
});

it('tells why a run broke off while nobody asked anything', async () => {
  const dying = (id: number, say: Say) => {
    say({ id, output: runId });
    say.gone({ exit: 'signal SIGKILL', output: 'gone' });
  };
  const { task } = staged(agent({ startRun: dying }));
  await using connection = await connected(task);
  await connection.call('doctor', { again: false }, limitMs);
  await connection.call('startRun', { plan }, limitMs);
  expect(await connection.over).toMatchObject({ code: 'agent-ended', exit: 'signal SIGKILL' });
});

it('brings home what a run came to that it is told to stop', async () => {
  const { task, done } = staged(
    agent({
      startRun: (id, say) => say({ id, output: runId }),
      stopRun: (id, say) => {
        say({ id });
        say({ over: runId });
      },
    }),
  );
  const overs: string[] = [];
  await using connection = await connected(task, [], overs);
  await connection.call('doctor', { again: false }, limitMs);
  await connection.call('startRun', { plan }, limitMs);
  await connection.call('stopRun', { id: runId }, limitMs);
  await expect.poll(() => overs).toEqual([runId]);
  const home: Buffer[] = [];
  for (const file of ['samples', 'record'] as const)
    await connection.fetch(file, { id: runId }, limitMs, (piece) => void home.push(piece));
  expect(Buffer.concat(home).equals(Buffer.concat([files.samples, files.record]))).toBe(true);
  expect(await done).toBe(true);
});

it('says of a task that is stopped before its run has begun that it was', async () => {
  const { task, done } = staged(agent({ doctor: () => undefined }));
  await using connection = await connected(task);
  await connection.call('stopRun', { id: runId }, limitMs);
  expect(await connection.over).toEqual({ code: 'stopped' });
  expect(await done).toBe(false);
});

it('keeps what a task has told that has ended, until it is asked for', async () => {
  const { task, done } = staged(agent());
  const open = () => new TaskChannel(task, { silentAfterMs: 60_000, readingMs: 20 });
  const { signal } = new AbortController();
  await using connection = await connect({ explain: () => undefined, open }, { signal, limitMs });
  await connection.call('doctor', { again: false }, limitMs);
  await connection.call('startRun', { plan }, limitMs);
  expect(await done).toBe(true);
  await sleep(100);
  const home: Buffer[] = [];
  for (const file of ['samples', 'record'] as const)
    await connection.fetch(file, { id: runId }, limitMs, (piece) => void home.push(piece));
  expect(Buffer.concat(home).equals(Buffer.concat([files.samples, files.record]))).toBe(true);
});

test.each([
  ['a line is missing', (line: string) => (line.startsWith('3 ') ? '' : line), 'transfer-damaged'],
  ['lines are no lines of ours', () => 'Segmentation fault\n', 'transfer-damaged'],
])('ends a conversation of whose tape %s', async (_, change, code) => {
  const { task } = staged(agent(), change);
  await expect(
    (async () => {
      await using connection = await connected(task);
      await connection.call('doctor', { again: false }, limitMs);
      await connection.call('startRun', { plan }, limitMs);
      throw new TareError(await connection.over);
    })(),
  ).rejects.toMatchObject({ failure: { code } });
});

it.each([
  ['was killed', { code: 'task-failed', state: 'failed', exit: 'exit 137', output: '' } satisfies Failure],
  ['came to its end', undefined],
])('does not wait for the log of a task that %s, which its manager leaves open', async (_, failure) => {
  const task: NodeTask = {
    log: () => Promise.resolve(new LogOutput()),
    ended: () => Promise.resolve(failure),
    stop: () => Promise.resolve(),
  };
  const open = () => new TaskChannel(task, { silentAfterMs: 60_000, readingMs: 20 });
  const { signal } = new AbortController();
  await expect(
    connect({ explain: () => undefined, open }, { signal, limitMs: 20_000 }),
  ).rejects.toMatchObject({
    failure: failure ?? { code: 'agent-ended' },
  });
});

/** A connection to the agent of a task, which is read for a moment once it is over. */
function reading(task: NodeTask, silentAfterMs: number) {
  const open = () => new TaskChannel(task, { silentAfterMs, readingMs: 20 });
  const { signal } = new AbortController();
  return connect({ explain: () => undefined, open }, { signal, limitMs: 20_000 });
}

it('waits no longer for one that still runs although its log has ended', async () => {
  const log = new LogOutput();
  new TapeWriter(outputTo(log)).end();
  log.end(written('stderr', 'out of memory'));
  const task: NodeTask = {
    log: () => Promise.resolve(log),
    ended: () => new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
  await expect(reading(task, 60_000)).rejects.toMatchObject({
    failure: { code: 'agent-ended', output: 'out of memory' },
  });
});

it('gives up a task that is silent', async () => {
  const task: NodeTask = {
    log: () => Promise.resolve(new LogOutput()),
    ended: () => new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
  await expect(reading(task, 20)).rejects.toMatchObject({
    failure: { code: 'agent-silent' },
  });
});

it('says of a task that never began what its manager says', async () => {
  const failure: Failure = { code: 'agent-image-missing', image: 'tare-agent:1' };
  const task: NodeTask = {
    log: () => Promise.reject(new TareError(failure)),
    ended: () => Promise.resolve(failure),
    stop: () => Promise.resolve(),
  };
  await expect(connected(task)).rejects.toMatchObject({ failure });
});

it('says of a task that died before it said anything how it died, in its own words', async () => {
  const log = new LogOutput();
  log.end(written('stderr', 'no socket here'));
  const ended = { code: 'task-failed', state: 'failed', exit: 'exit 3' } as const;
  const failure: Failure = { ...ended, output: 'task: non-zero exit (3)' };
  const task: NodeTask = {
    log: () => Promise.resolve(log),
    ended: () => Promise.resolve(failure),
    stop: () => Promise.resolve(),
  };
  await expect(connected(task)).rejects.toMatchObject({ failure: { ...ended, output: 'no socket here' } });
});
