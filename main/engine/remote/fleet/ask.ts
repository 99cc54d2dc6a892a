/** Tare on a host, asked for one thing by its command line. */
import { z } from 'zod';
import { Failure } from '../../../contract/failures';
import { isWithinBounds, readAs } from '../../../contract/run/bounds';
import { TareError } from '../../base/errors';
import { settlesWithin } from '../../base/signals';
import type { Channel, Way } from './channel';
import { broken } from './lines';

/** A program whose output ends is about to end itself. */
const endingMs = 2000;
/** One that says what Tare does not say is not waited for. */
export const abruptMs = 5000;
const mostAnswerBytes = 4 * 1024 * 1024;

export interface AskOptions {
  /** aborts: it is ended */
  signal: AbortSignal;
  /** how long it may take, from each piece of its input on */
  limitMs: number;
  /** its standard input */
  content?: AsyncIterable<Buffer>;
}

/**
 * Runs Tare there with these words, none of which a shell takes for more than itself.
 * @returns what it printed
 * @throws {TareError} `agent-silent` · as {@link whyEnded} where it did not end well; what reading the content throws
 */
export async function order(way: Way, words: readonly string[], options: AskOptions): Promise<string> {
  const { said, channel } = await talk(way, words, options);
  const { exit } = await channel.gone;
  if (exit !== endedWell) throw new TareError(await whyEnded(way, channel, said));
  return said;
}

/**
 * The same of what answers in JSON, whatever its exit code is.
 * @throws {TareError} the host's own failure · `frames-broken` for what is no such answer · as {@link order}
 */
export async function ask<T>(
  way: Way,
  words: readonly string[],
  schema: z.ZodType<T>,
  options: AskOptions,
): Promise<T> {
  const { said, channel } = await talk(way, words, options);
  // a login shell may print something before
  const begin = said.search(/^\{/m);
  if (begin < 0) throw new TareError(await whyEnded(way, channel, said));
  const value = fromJson(said.slice(begin));
  const refused = readAs(z.object({ failure: Failure }), value);
  if (refused.success) throw new TareError(refused.data.failure);
  const answer = isWithinBounds(value) ? readAs(schema, value) : undefined;
  if (!answer?.success) throw broken('frames-no-message', said);
  return answer.data;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken('frames-not-json', text);
  }
}

async function talk(
  way: Way,
  words: readonly string[],
  { signal, limitMs, content }: AskOptions,
): Promise<{ said: string; channel: Channel }> {
  signal.throwIfAborted();
  const channel = way.open(words);
  const end = (error: Error) => channel.output.destroy(error);
  const late = () => end(new TareError({ code: 'agent-silent', afterMs: limitMs }));
  const expected = setTimeout(late, limitMs);
  const stop = () => end(new TareError({ code: 'stopped' }));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let said = '';
  try {
    if (content) void send(content, channel, () => expected.refresh()).catch(end);
    else channel.input.end();
    for await (const chunk of channel.output as AsyncIterable<Buffer>) {
      said += chunk.toString('utf8');
      if (said.length > mostAnswerBytes) throw broken('frames-too-large', '');
    }
  } finally {
    clearTimeout(expected);
    signal.removeEventListener('abort', stop);
    await ending(channel);
  }
  return { said, channel };
}

/** As fast as it is taken; who ends before needs no more of it. */
async function send(
  content: AsyncIterable<Buffer>,
  { input, gone }: Channel,
  moved: () => void,
): Promise<void> {
  let isGone = false;
  void gone.then(() => (isGone = true));
  for await (const piece of content) {
    if (isGone) return;
    moved();
    const isReady = input.write(piece);
    if (!isReady) await Promise.race([new Promise((resolve) => input.once('drain', resolve)), gone]);
  }
  moved();
  input.end();
}

const endedWell = 'exit 0';

async function ending(channel: Channel): Promise<void> {
  const gone = channel.gone.then(() => undefined);
  if (!channel.output.readableEnded || !(await settlesWithin(gone, endingMs))) await channel.close(abruptMs);
}

/**
 * Why a program has ended without what was expected of it: what it says of its end tells more than that its output broke off.
 * @param said      what it printed instead
 * @param hasBegun  it has led to Tare there once: whatever it says of its end, that was lost on the way
 */
export async function whyEnded(way: Way, channel: Channel, said: string, hasBegun = false): Promise<Failure> {
  await ending(channel);
  const gone = await channel.gone;
  const known = gone.failure ?? (hasBegun ? undefined : way.explain(gone));
  if (known) return known;
  if (gone.exit !== endedWell) return { code: 'agent-ended', exit: gone.exit, output: gone.output };
  return broken(hasBegun ? 'frames-torn' : 'frames-no-greeting', said).failure;
}
