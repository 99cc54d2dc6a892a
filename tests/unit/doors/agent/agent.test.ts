import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { agentGreeting, agentProtocol } from '../../../../main/contract/fleet/agent';
import type { Failure } from '../../../../main/contract/failures';
import { dataFrame, FrameReader, textFrame } from '../../../../main/engine/remote/fleet/frames';
import { serveAgent } from '../../../../main/doors/agent/agent';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

const hello = textFrame({ hello: { protocol: agentProtocol, version: '0.0.0' } })!;
const call = (id: number, name: string, input: unknown) => textFrame({ id, call: name, input })!;

/** What an agent answers to these bytes, and how it ends. */
async function talk(
  chunks: readonly Buffer[],
  { end = true, silentAfterMs = 60_000 } = {},
): Promise<{ said: unknown[]; failure: Failure | undefined; log: string[] }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const engine = fakeEngine();
  const stop = new AbortController();
  const parts = { input, output, about: { version: '1.2.3' }, stop: stop.signal };
  const over = serveAgent(engine, { ...parts, times: { aliveEveryMs: 60_000, silentAfterMs } });
  const said: unknown[] = [];
  const reader = new FrameReader(false);
  output.on('data', (chunk: Buffer) =>
    reader.push(chunk, (frame) => frame.kind === 'text' && said.push(JSON.parse(frame.text))),
  );
  for (const chunk of chunks) input.write(chunk);
  await delay(0); // calls that were asked for are answered before the end
  if (end) input.end();
  const failure = await over;
  await delay(0);
  return { said, failure, log: engine.log };
}

describe('an agent', () => {
  it('greets, says what it is, and ends with the other side', async () => {
    const { said, failure } = await talk([hello]);
    expect(said).toEqual([{ hello: { protocol: agentProtocol, version: '1.2.3' } }]);
    expect(failure).toBeUndefined();
  });

  it('answers no call that is not in its table, though the engine has it', async () => {
    const { failure, log } = await talk([hello, call(1, 'changeSettings', {})]);
    expect(failure).toMatchObject({ code: 'frames-broken', reason: 'frames-no-message' });
    expect(log).toEqual([]);
  });

  it('refuses an input as any door does, and goes on', async () => {
    const { said, failure } = await talk([hello, call(1, 'startRun', { plan: 7 }), call(2, 'doctor', {})]);
    expect(said).toContainEqual({
      id: 1,
      failure: expect.objectContaining({ code: 'bad-input' }) as unknown,
    });
    expect(said).toContainEqual({ id: 2, output: expect.any(Object) as unknown });
    expect(failure).toBeUndefined();
  });

  it('has nothing said to it before a hello', async () => {
    expect((await talk([call(1, 'doctor', {})])).failure).toMatchObject({ reason: 'frames-no-message' });
  });

  it('passes over the data of a file that nobody sends', async () => {
    expect((await talk([hello, dataFrame(5, Buffer.from('x'))])).failure).toBeUndefined();
  });

  it.each<[string, Buffer, Partial<Failure>]>([
    ['another version', textFrame({ hello: { protocol: '2.0', version: '9' } })!, { code: 'agent-version' }],
    ['a person', Buffer.from('help\n'), { reason: 'frames-unknown-kind' }],
    ['a web browser', Buffer.from('GET / HTTP/1.1\r\n\r\n'), { reason: 'frames-unknown-kind' }],
    [
      'a line of two gibibytes',
      Buffer.from([0x80, 0, 0, 0, 'j'.charCodeAt(0)]),
      { reason: 'frames-too-large' },
    ],
    ['half a frame', hello.subarray(0, 20), { reason: 'frames-torn' }],
    ['another greeting', Buffer.from(agentGreeting), { code: 'frames-broken' }],
  ])('is told by %s, and ends with the reason', async (_, bytes, failure) => {
    expect((await talk([bytes])).failure).toMatchObject(failure);
  });

  it('does not wait for ever for one that is not there', async () => {
    const { failure } = await talk([hello], { end: false, silentAfterMs: 50 });
    expect(failure).toEqual({ code: 'agent-silent', afterMs: 50 });
  });
});
