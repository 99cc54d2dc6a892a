/** An agent on a host, as Tare speaks to it: calls, events, and files, until either side ends it. */
import {
  agentCalls,
  AgentEvent,
  agentProtocol,
  FromAgent,
  versionDoubt,
  type AgentCall,
  type AgentFile,
  type Hello,
} from '../../../contract/fleet/agent';
import type { Input, Output } from '../../../contract/calls';
import type { Failure } from '../../../contract/failures';
import { readAs } from '../../../contract/run/bounds';
import type { RunId } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { tareVersion } from '../../measure/resources';
import { settlesWithin } from '../../base/signals';
import type { Channel, Way } from './channel';
import { broken } from './frames';
import { Sum, Wire, type WireTimes } from './wire';

type Welcome = Hello['hello'];

/** An agent that is asked to end ends what it has begun before; a run's own steps have limits of their own. */
const politeMs = 90_000;
/** One that says what no agent says is not waited for. */
const abruptMs = 5000;
/** A program whose output ends is about to end itself. */
const endingMs = 2000;
const endedWell = 'exit 0';

export interface Connection extends AsyncDisposable {
  /** what the agent said of itself */
  readonly agent: Welcome;
  /** resolves with why it is over, once it is; the program that led there is gone by then */
  readonly over: Promise<Failure>;
  /** Ends the connection as that of a silent host after so long, unless the timer is cleared, or refreshed, before. */
  expect(limitMs: number): NodeJS.Timeout;
  /**
   * @param limitMs  how long an answer may take
   * @throws {TareError} the host's failure, or why the connection is over
   */
  call<N extends AgentCall>(name: N, input: Input<N>, limitMs: number): Promise<Output<N>>;
  /**
   * A file of the host, piece by piece.
   * @param limitMs  how long each piece may take
   * @param take  settles when a piece is kept
   * @throws {TareError} the host's failure · `transfer-damaged` · why the connection is over
   */
  fetch(
    file: AgentFile,
    input: unknown,
    limitMs: number,
    take: (piece: Buffer) => void | Promise<void>,
  ): Promise<void>;
  /**
   * @param limitMs  how long each piece may take to be taken
   * @throws {TareError} the host's failure · why the connection is over; what reading the content throws
   */
  send(file: AgentFile, input: unknown, limitMs: number, content: AsyncIterable<Buffer>): Promise<void>;
}

export interface ConnectOptions {
  /** aborts: the connection is given up, also while it is being made */
  signal: AbortSignal;
  /** until the agent has said hello */
  limitMs: number;
  /** hears what the agent tells of its run */
  onEvent?: (event: AgentEvent) => void;
  /** hears that nothing of a run is left there, and that its record is whole */
  onOver?: (run: RunId) => void;
  /** default: the protocol's */
  times?: WireTimes;
}

/**
 * Reaches a host and waits until its agent has said hello.
 * @throws {TareError} `tool-missing` · `host-unreachable` · `host-denied` · `host-key-refused` · `agent-missing` · `agent-version` ·
 *   `agent-silent` · `agent-ended` · `frames-broken`; AbortError when aborted. Nothing is left of it then
 */
export async function connect(way: Way, options: ConnectOptions): Promise<Connection> {
  options.signal.throwIfAborted();
  const connection = new AgentConnection(way, options);
  try {
    await connection.welcome;
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    options.signal.throwIfAborted();
    throw error;
  }
}

interface Asked {
  resolve: (output: unknown) => void;
  reject: (error: Error) => void;
  take?: (piece: Buffer) => void | Promise<void>;
  sum?: Sum;
}

class AgentConnection implements Connection {
  agent!: Welcome;
  readonly welcome: Promise<void>;
  readonly over: Promise<Failure>;
  private readonly channel: Channel;
  private readonly wire: Wire<FromAgent>;
  private readonly asked = new Map<number, Asked>();
  private greeted: (welcome: Welcome) => void = () => undefined;
  private count = 0;
  private failure: Failure | undefined;
  /** an agent has said hello, and may have begun something */
  private isWelcome = false;

  constructor(
    private readonly way: Way,
    private readonly options: ConnectOptions,
  ) {
    const { signal, limitMs, times } = options;
    this.channel = way.open();
    this.wire = new Wire<FromAgent>({
      input: this.channel.output,
      output: this.channel.input,
      greeted: false,
      schema: FromAgent,
      hear: (message) => this.hear(message),
      hearData: (id, content) => this.hearData(id, content),
      ...(times && { times }),
    });
    const late = this.expect(limitMs);
    const giveUp = () => this.wire.end({ code: 'stopped' });
    signal.addEventListener('abort', giveUp, { once: true });
    this.over = this.wire.over.then(async (over) => {
      clearTimeout(late);
      signal.removeEventListener('abort', giveUp);
      this.failure = await this.why(over);
      for (const { reject } of this.asked.values()) reject(new TareError(this.failure));
      this.asked.clear();
      return this.failure;
    });
    const said = new Promise<Welcome>((resolve) => (this.greeted = resolve));
    this.welcome = Promise.race([
      said.then((welcome) => {
        clearTimeout(late);
        this.agent = welcome;
        this.isWelcome = true;
      }),
      this.over.then((failure) => {
        throw new TareError(failure);
      }),
    ]);
    this.welcome.catch(() => undefined);
    this.wire.say({ hello: { protocol: agentProtocol, version: tareVersion } } satisfies Hello);
  }

  /** What the program that led there says of its end tells more than that the stream broke off. */
  private async why({ failure, isEnd = false }: Awaited<Wire<FromAgent>['over']>): Promise<Failure> {
    const { channel } = this;
    const byItself =
      isEnd &&
      (await settlesWithin(
        channel.gone.then(() => undefined),
        endingMs,
      ));
    await channel.close(failure?.code === 'stopped' ? (this.isWelcome ? politeMs : 0) : abruptMs);
    const gone = await channel.gone;
    const { exit, output } = gone;
    const ended: Failure = { code: 'agent-ended', exit, output };
    if (!byItself) return failure ?? ended;
    // it has led there once: whatever it says of its end, the agent was lost on the way
    const explained = gone.failure ?? (this.isWelcome ? undefined : this.way.explain(gone));
    return explained ?? (exit === endedWell && failure ? failure : ended);
  }

  private hear(message: FromAgent): void {
    if ('hello' in message) {
      const doubt = versionDoubt(message);
      if (doubt) throw new TareError(doubt);
      return this.greeted(message.hello);
    }
    if ('events' in message) return message.events.forEach((event) => this.hearEvent(event));
    if ('over' in message) return this.options.onOver?.(message.over);
    if ('alive' in message) return;
    const asked = this.asked.get(message.id);
    if (!asked) throw broken('frames-no-message', Buffer.from(`answer ${message.id}`));
    if ('end' in message) {
      const { bytes, sha256 } = asked.sum?.end() ?? {};
      delete asked.sum;
      if (bytes !== message.end.bytes || sha256 !== message.end.sha256)
        throw new TareError({ code: 'transfer-damaged', what: `SHA-256 ${message.end.sha256}` });
      return;
    }
    this.asked.delete(message.id);
    if ('failure' in message) asked.reject(new TareError(message.failure));
    else if (asked.sum) asked.reject(new TareError({ code: 'transfer-damaged', what: 'no end' }));
    else asked.resolve(message.output);
  }

  /** What is none is for somebody else's eyes: how a run stands is told by its record. */
  private hearEvent(told: unknown): void {
    const event = readAs(AgentEvent, told);
    if (event.success) this.options.onEvent?.(event.data);
  }

  private hearData(id: number, content: Buffer): void | Promise<void> {
    const asked = this.asked.get(id);
    if (!asked?.take) throw broken('frames-no-message', Buffer.from(`data ${id}`));
    asked.sum?.add(content);
    return asked.take(content);
  }

  private async ask(
    message: (id: number) => object,
    more: Pick<Asked, 'take' | 'sum'> = {},
  ): Promise<unknown> {
    if (this.failure) throw new TareError(this.failure);
    const id = ++this.count;
    const answer = new Promise((resolve, reject) => this.asked.set(id, { resolve, reject, ...more }));
    if (!this.wire.say(message(id))) {
      this.asked.delete(id);
      throw new TareError({ code: 'frames-broken', reason: 'frames-too-large', output: '' });
    }
    return answer;
  }

  expect(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.wire.end({ code: 'agent-silent', afterMs: limitMs }), limitMs);
  }

  async call<N extends AgentCall>(name: N, input: Input<N>, limitMs: number): Promise<Output<N>> {
    const expected = this.expect(limitMs);
    try {
      const answer = readAs(agentCalls[name], await this.ask((id) => ({ id, call: name, input })));
      if (!answer.success) throw broken('frames-no-message', Buffer.from(name));
      return answer.data as Output<N>;
    } finally {
      clearTimeout(expected);
    }
  }

  async fetch(
    file: AgentFile,
    input: unknown,
    limitMs: number,
    take: (piece: Buffer) => void | Promise<void>,
  ): Promise<void> {
    const expected = this.expect(limitMs);
    const taken = (piece: Buffer) => {
      expected.refresh();
      return take(piece);
    };
    try {
      await this.ask((id) => ({ id, file, input }), { take: taken, sum: new Sum() });
    } finally {
      clearTimeout(expected);
    }
  }

  async send(
    file: AgentFile,
    input: unknown,
    limitMs: number,
    content: AsyncIterable<Buffer>,
  ): Promise<void> {
    const expected = this.expect(limitMs);
    try {
      const answer = this.ask((id) => ({ id, file, input }));
      answer.catch(() => undefined);
      const id = this.count;
      // the host may refuse before it has all of it
      const sending = this.wire.send(id, untilAnswered(content, answer, expected));
      await Promise.all([sending, answer]);
    } finally {
      clearTimeout(expected);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wire.end({ code: 'stopped' });
    await this.over;
  }
}

/** What there is of the content until an answer comes, which is expected anew with each piece: who refuses it needs no more. */
async function* untilAnswered(
  content: AsyncIterable<Buffer>,
  answer: Promise<unknown>,
  expected: NodeJS.Timeout,
): AsyncGenerator<Buffer> {
  let isAnswered = false;
  const note = () => void (isAnswered = true);
  answer.then(note, note);
  for await (const piece of content) {
    if (isAnswered) return;
    expected.refresh();
    yield piece;
  }
  expected.refresh();
}
