/** A run of Tare on a host, as its stream of events tells it: contract/run/stream.ts. */
import type { Plan } from '../../../contract/plan';
import { isWithinBounds, readAs } from '../../../contract/run/bounds';
import {
  aliveEveryMs,
  HeardLine,
  neededKinds,
  streamVersion,
  type RunEvent,
} from '../../../contract/run/stream';
import { TareError } from '../../base/errors';
import { abruptMs, whyEnded } from './ask';
import type { Channel, Way } from './channel';
import type { HostLimits } from './limits';
import { broken, linesOf } from './lines';

/** Of a record that comes from a host: ten thousand trials take some 40 MB. */
const mostLineBytes = 64 * 1024 ** 2;
/** What a login shell may print before Tare is there. */
const mostNoise = 64 * 1024;
/** Tare that is asked to end ends what it has begun before; a run's own steps have limits of their own. */
const politeMs = 90_000;

type Start = Extract<HeardLine, { kind: 'start' }>;

export interface FollowOptions {
  plan: Plan;
  /** also beside another Tare */
  anyway: boolean;
  /** aborts: the run is stopped there, and what it came to is told */
  signal: AbortSignal;
  limits: HostLimits;
  /** until the first line */
  helloMs: number;
  begun: (start: Start) => void;
  /** the next line is read once it settles */
  hear: (event: RunEvent) => void | Promise<void>;
  /** see {@link linesOf} */
  large: () => Promise<void>;
}

/**
 * Runs a plan there.
 * @returns the record, as it came
 * @throws {TareError} the host's own failure · `agent-version` · `agent-silent` · `frames-broken` · as {@link whyEnded}
 */
export function followRun(way: Way, options: FollowOptions): Promise<unknown> {
  options.signal.throwIfAborted();
  const words = ['run', '-', '--events', ...(options.anyway ? ['--anyway'] : [])];
  return new Following(way, way.open(words), options).record();
}

class Following {
  private hasBegun = false;
  private noise = '';
  private silence: NodeJS.Timeout | undefined;
  private news: NodeJS.Timeout;
  private readonly ping: NodeJS.Timeout;

  constructor(
    private readonly way: Way,
    private readonly channel: Channel,
    private readonly options: FollowOptions,
  ) {
    const { input, output } = channel;
    output.on('error', () => undefined); // told to who reads it
    input.write(`${JSON.stringify(options.plan)}\n`);
    this.ping = setInterval(() => input.writable && input.write('\n'), aliveEveryMs);
    this.news = this.limit(options.helloMs);
  }

  async record(): Promise<unknown> {
    const { channel, options } = this;
    const { signal, limits, large } = options;
    signal.addEventListener('abort', this.stop, { once: true });
    if (signal.aborted) this.stop();
    let closingMs = abruptMs;
    try {
      const bounds = {
        mostBytes: mostLineBytes,
        heard: () => this.silence?.refresh(),
        large: async () => {
          clearTimeout(this.silence); // who is not listened to cannot be heard
          await large();
          this.silence = this.limit(limits.silentMs);
        },
      };
      for await (const text of linesOf(channel.output, bounds)) {
        const line = this.lineIn(text);
        if (line?.kind === 'record') {
          closingMs = politeMs;
          return line.run;
        }
        if (line) await this.take(line);
      }
      throw new TareError(await whyEnded(this.way, channel, this.noise, this.hasBegun));
    } catch (error) {
      if (signal.aborted) closingMs = this.hasBegun ? politeMs : 0;
      throw error;
    } finally {
      signal.removeEventListener('abort', this.stop);
      clearInterval(this.ping);
      clearTimeout(this.silence);
      clearTimeout(this.news);
      await channel.close(closingMs);
    }
  }

  /** Undefined for what is to be passed over. @throws {TareError} `frames-broken` */
  private lineIn(text: string): HeardLine | undefined {
    const value = jsonIn(text);
    const line = isWithinBounds(value) ? readAs(HeardLine, value) : undefined;
    if (!this.hasBegun) {
      if (line?.success && (line.data.kind === 'start' || line.data.kind === 'failure')) return line.data;
      this.noise += `${text}\n`;
      if (this.noise.length > mostNoise) throw broken('frames-no-greeting', this.noise);
      return undefined;
    }
    if (text === '') return undefined;
    if (value === undefined) throw broken('frames-not-json', text);
    if (line?.success) return line.data;
    const { kind } = typeof value === 'object' && value !== null ? (value as { kind?: unknown }) : {};
    if (!line || typeof kind !== 'string' || neededKinds.has(kind)) throw broken('frames-no-message', text);
    return undefined;
  }

  private async take(line: Exclude<HeardLine, { kind: 'record' }>): Promise<void> {
    const { limits, begun, hear, signal } = this.options;
    if (line.kind === 'alive') return;
    if (line.kind === 'failure') throw new TareError(line.failure);
    if (line.kind !== 'start') {
      if (!signal.aborted) this.news.refresh();
      return hear(line);
    }
    const { schemaVersion, version } = line;
    if (schemaVersion !== streamVersion)
      throw new TareError({
        code: 'agent-version',
        ...{ found: String(schemaVersion), supported: String(streamVersion), version },
      });
    if (this.hasBegun || line.run === undefined) return;
    this.hasBegun = true;
    this.silence = this.limit(limits.silentMs);
    this.expectWithin(limits.newsMs);
    begun(line);
  }

  /** Before its run has begun there, a stop ends the connection. */
  private readonly stop = (): void => {
    if (!this.hasBegun) return this.end(new TareError({ code: 'stopped' }));
    this.expectWithin(this.options.limits.stopMs);
    this.channel.input.end();
  };

  private expectWithin(ms: number): void {
    clearTimeout(this.news);
    this.news = this.limit(ms);
  }

  private limit(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.end(new TareError({ code: 'agent-silent', afterMs: ms })), ms);
  }

  private end(error: Error): void {
    this.channel.output.destroy(error);
  }
}

/** Undefined for what is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
