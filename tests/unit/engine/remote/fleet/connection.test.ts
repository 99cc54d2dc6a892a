import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { agentGreeting, agentProtocol, type AgentEvent } from '../../../../../main/contract/fleet/agent';
import type { Failure } from '../../../../../main/contract/failures';
import { TareError } from '../../../../../main/engine/base/errors';
import {
  connect,
  type ConnectOptions,
  type Connection,
} from '../../../../../main/engine/remote/fleet/connection';
import { dataFrame, textFrame } from '../../../../../main/engine/remote/fleet/frames';
import type { Way } from '../../../../../main/engine/remote/fleet/channel';
import { fakeEngine } from '../../../../support/fakes/fakeEngine';
import { fakeRun } from '../../../../support/fakes/fakeRun';
import { wayTo, wayToEngine, type Far } from '../../../../support/fleet/channels';

/** Longer than any answer of these takes. */
const limitMs = 60_000;
const patient = { aliveEveryMs: 5000, silentAfterMs: 60_000 };
const options = (more: Partial<ConnectOptions> = {}): ConnectOptions => ({
  signal: new AbortController().signal,
  limitMs: 10_000,
  times: patient,
  ...more,
});

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(TareError);
    return (error as TareError).failure;
  }
  throw new Error('it went well');
};

const hello = (protocol = agentProtocol) =>
  Buffer.concat([Buffer.from(agentGreeting), textFrame({ hello: { protocol, version: '9.9.9' } })!]);

/** An agent that is none: it greets as one does, then does this. */
const liar = (then: (far: Far) => void, greeting = hello()): Way =>
  wayTo((far) => {
    far.says.write(greeting);
    then(far);
  });

describe('a connection to an agent', () => {
  const opened = async (engine = fakeEngine(), more: Partial<ConnectOptions> = {}) =>
    connect(wayToEngine(engine), options(more));

  it('asks the engine there, and gets its answers and its refusals', async () => {
    const engine = fakeEngine();
    await using connection = await opened(engine);
    expect(connection.agent).toEqual({ protocol: agentProtocol, version: '0.0.0-test' });
    expect((await connection.call('doctor', { again: true }, limitMs)).checks).toBeDefined();
    expect(await connection.call('findImage', { reference: 'app:1' }, limitMs)).toEqual({
      os: 'linux',
      architecture: 'amd64',
    });
    expect(await failureOf(connection.call('findImage', { reference: '../etc' }, limitMs))).toMatchObject({
      code: 'bad-input',
    });
    expect(engine.log).toContain('doctor');
  });

  it('runs a plan there, is told of it, and brings home what was recorded, byte for byte', async () => {
    const events: AgentEvent[] = [];
    let over: string | undefined;
    await using connection = await opened(fakeEngine(), {
      onEvent: (event) => events.push(event),
      onOver: (run) => (over = run),
    });
    const id = await connection.call('startRun', { plan: fakeRun().plan }, limitMs);
    await vi.waitFor(() => expect(over).toBe(id));
    await vi.waitFor(() => expect(events.map(({ kind }) => kind)).toContain('run-ended'));
    const pieces: Buffer[] = [];
    await connection.fetch('record', { id }, limitMs, (piece) => void pieces.push(piece));
    expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ id });
    await connection.fetch('samples', { id }, limitMs, () => undefined);
  });

  it('passes over what is no event of this version, and hears those beside it', async () => {
    const heard: AgentEvent[] = [];
    const ended = { kind: 'run-ended', run: '20260801-130000-0000', state: 'done' } as const;
    const events = [{ ...ended, run: '../../etc' }, { kind: 'of a later version' }, null, ended];
    const way = liar(({ says }) => void says.write(textFrame({ events })!));
    await using connection = await connect(way, options({ onEvent: (event) => heard.push(event) }));
    await vi.waitFor(() => expect(heard).toEqual([ended]));
    const over = await Promise.race([connection.over, Promise.resolve('not over')]);
    expect(over).toBe('not over');
  });

  it('sends an image as it is, as fast as it is taken', async () => {
    const engine = fakeEngine();
    await using connection = await opened(engine);
    const image = Buffer.alloc(3_000_001, 'layer');
    await connection.send('image', {}, limitMs, pieces(image, 700_000));
    expect(engine.log).toContain(`loadImage ${createHash('sha256').update(image).digest('hex')}`);
  });

  it('is given up while it is made', async () => {
    const stop = new AbortController();
    const making = connect(
      wayTo(() => undefined),
      options({ signal: stop.signal }),
    );
    stop.abort();
    await expect(making).rejects.toMatchObject({ name: 'AbortError' });
  });
});

async function* pieces(whole: Buffer, length: number) {
  for (let at = 0; at < whole.length; at += length) yield Promise.resolve(whole.subarray(at, at + length));
}

describe('a host that lies, hangs or dies ends with a reason', () => {
  it.each<[string, Way, Partial<Failure>]>([
    ['says nothing', wayTo(() => undefined), { code: 'agent-silent' }],
    [
      'has a shell that talks and never comes to the point',
      wayTo(({ says }) => void says.write('welcome\n'.repeat(20_000))),
      { code: 'frames-broken', reason: 'frames-no-greeting' },
    ],
    [
      'speaks another version',
      liar(() => undefined, hello('2.0')),
      { code: 'agent-version', found: '2.0', version: '9.9.9' },
    ],
    [
      'is not there',
      wayTo(({ gone }) => gone({ exit: 'exit 1', output: 'no such host' })),
      { code: 'agent-ended' },
    ],
    [
      'cannot be asked for',
      wayTo(({ gone }) =>
        gone({ failure: { code: 'tool-missing', program: 'ssh', package: 'openssh-client' } }),
      ),
      { code: 'tool-missing' },
    ],
  ])('before it has said hello: %s', async (_, way, failure) => {
    expect(await failureOf(connect(way, options({ limitMs: 200 })))).toMatchObject(failure);
  });

  const answerOf = async (
    say: (far: Far) => void,
    act: (connection: Connection) => Promise<unknown>,
    more: Partial<ConnectOptions> = {},
  ): Promise<Failure> => {
    const way = liar((far) => far.heard.once('data', () => setImmediate(() => say(far))));
    await using connection = await connect(way, options(more));
    const failure = await failureOf(act(connection));
    expect(await connection.over).toBeDefined();
    return failure;
  };
  const doctor = (connection: Connection) => connection.call('doctor', { again: true }, limitMs);
  const record = (connection: Connection) =>
    connection.fetch('record', { id: '20260801-130000-0000' }, limitMs, () => undefined);
  const sums = (text: string) => ({
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });

  it.each<[string, (far: Far) => void, (connection: Connection) => Promise<unknown>, Partial<Failure>]>([
    [
      'a frame without an end',
      ({ says }) => void says.end(textFrame({ id: 1, output: {} })!.subarray(0, 9)),
      doctor,
      { code: 'frames-broken', reason: 'frames-torn' },
    ],
    [
      'a frame of two gibibytes',
      ({ says }) => void says.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 'j'.charCodeAt(0)])),
      doctor,
      { code: 'frames-broken', reason: 'frames-too-large' },
    ],
    [
      'JSON that is none',
      ({ says }) => {
        const frame = textFrame({ id: 1 })!;
        frame[frame.length - 1] = '!'.charCodeAt(0);
        says.write(frame);
      },
      doctor,
      { code: 'frames-broken', reason: 'frames-not-json' },
    ],
    [
      'a message of no kind',
      ({ says }) => void says.write(textFrame({ sudo: true })!),
      doctor,
      { code: 'frames-broken', reason: 'frames-no-message' },
    ],
    [
      'an answer to what was never asked',
      ({ says }) => void says.write(textFrame({ id: 77, output: null })!),
      doctor,
      { code: 'frames-broken', reason: 'frames-no-message' },
    ],
    [
      'an answer of the wrong form',
      ({ says }) => void says.write(textFrame({ id: 1, output: { checks: 'all good' } })!),
      (connection) => doctor(connection).finally(() => connection[Symbol.asyncDispose]()),
      { code: 'frames-broken', reason: 'frames-no-message' },
    ],
    [
      'another file than its digest says',
      ({ says }) => {
        says.write(dataFrame(1, Buffer.from('{}')));
        says.write(textFrame({ id: 1, end: sums('{ }') })!);
        says.write(textFrame({ id: 1 })!);
      },
      record,
      { code: 'transfer-damaged' },
    ],
    [
      'a file without a digest',
      ({ says }) => {
        says.write(dataFrame(1, Buffer.from('{}')));
        says.write(textFrame({ id: 1 })!);
      },
      (connection) => record(connection).finally(() => connection[Symbol.asyncDispose]()),
      { code: 'transfer-damaged' },
    ],
    [
      'data that nobody asked for',
      ({ says }) => void says.write(dataFrame(9, Buffer.from('x'))),
      record,
      { code: 'frames-broken', reason: 'frames-no-message' },
    ],
    [
      'a kill',
      ({ gone }) => gone({ exit: 'signal SIGKILL', output: 'Killed' }),
      doctor,
      { code: 'agent-ended', exit: 'signal SIGKILL', output: 'Killed' },
    ],
  ])('%s', async (_, say, act, failure) => {
    expect(await answerOf(say, act)).toMatchObject(failure);
  });

  it('silence, since no sign of life comes either', async () => {
    const times = { aliveEveryMs: 20, silentAfterMs: 100 };
    expect(await answerOf(() => undefined, doctor, { times })).toEqual({
      code: 'agent-silent',
      afterMs: 100,
    });
  });

  it('what is asked after the end is refused with the same reason', async () => {
    const way = liar((far) => far.heard.once('data', () => far.gone({ exit: 'exit 255' })));
    await using connection = await connect(way, options());
    const failure = await connection.over;
    expect(await failureOf(doctor(connection))).toEqual(failure);
  });
});
