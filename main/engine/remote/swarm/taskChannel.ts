/**
 * A task on a node as the way to an agent: what it tells by itself is the answer to what is asked of any host, held back until it is asked
 * for. Nothing that is said to it arrives there, but that it is to stop.
 */
import { PassThrough, Writable } from 'node:stream';
import {
  agentGreeting,
  aliveEveryMs,
  FromAgent,
  silentAfterMs,
  ToAgent,
  type AgentCall,
  type AgentFile,
} from '../../../contract/fleet/agent';
import type { Failure } from '../../../contract/failures';
import { TareError, toFailure } from '../../base/errors';
import type { Channel, Gone } from '../fleet/channel';
import { drained } from '../fleet/drained';
import { dataFrame, FrameReader, textFrame, type Frame } from '../fleet/frames';
import { readMessage } from '../fleet/wire';
import { settlesWithin } from '../../base/signals';
import type { LogOutput } from './log';
import { tapeNumbers, TapeReader } from './tape';

/** A node's part in a run. */
export interface NodeTask {
  /** begins it, waits until it runs or has run, and opens its log; @throws {TareError} why there is none */
  log(signal: AbortSignal): Promise<LogOutput>;
  /** resolves when nothing more can come of it, with why; undefined where it came to its end */
  ended(signal: AbortSignal): Promise<Failure | undefined>;
  /** has it stopped and removed; resolves once that is asked for. Safe to call twice */
  stop(): Promise<void>;
}

/** What a task has told comes with its end; a node that is down tells nothing more. */
const readingMs = 10_000;

/** What is asked of any host and what a task tells, by what it is called. */
const numbers: Partial<Record<AgentCall | AgentFile, number>> = tapeNumbers;

export class TaskChannel implements Channel {
  readonly input: Writable;
  readonly output = new PassThrough();
  readonly gone: Promise<Gone>;
  /** the number by which each thing was asked for */
  private readonly asked = new Map<number, number>();
  private askedNow: () => void = () => undefined;
  private readonly closing = new AbortController();
  private stopping: Promise<void> | undefined;
  private complaint = '';
  /** why the run broke off, in the task's own words */
  private told: TareError | undefined;

  constructor(
    private readonly task: NodeTask,
    private readonly times = { silentAfterMs, readingMs },
  ) {
    const questions = new FrameReader(true);
    this.input = new Writable({
      write: (chunk: Buffer, _, done) => {
        questions.push(chunk, (frame) => this.hear(frame));
        done();
      },
    });
    this.gone = this.run().then(
      () => ({ exit: '', output: this.complaint }),
      (error: unknown) => ({ exit: '', output: this.complaint, failure: toFailure(error) }),
    );
    this.output.write(Buffer.from(agentGreeting, 'latin1'));
    // whether the task still lives is seen here; whoever waits for it, or has it wait, hears that somebody looks
    const alive = setInterval(() => this.tell({ alive: true }), aliveEveryMs);
    void this.gone.then(() => {
      clearInterval(alive);
      this.output.end();
    });
  }

  /** What is asked: it waits for the task to tell it, or needs no answer of the node's. */
  private hear(frame: Frame): void {
    const message = frame.kind === 'text' ? ToAgent.safeParse(JSON.parse(frame.text)).data : undefined;
    if (!message || 'hello' in message || 'alive' in message || 'end' in message) return;
    const number = numbers['call' in message ? message.call : message.file];
    if (number !== undefined) {
      this.asked.set(number, message.id);
      this.askedNow();
      return;
    }
    if ('call' in message && message.call === 'stopRun') void this.stop();
    this.tell({ id: message.id, output: undefined });
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    const log = await this.task.log(signal);
    const { silentAfterMs: afterMs, readingMs } = this.times;
    const silence = new Alarm(afterMs, () => log.destroy(new TareError({ code: 'agent-silent', afterMs })));
    const ended = this.task.ended(signal);
    void ended.then(
      // the log of what was killed may be left open by its manager
      (failure) => silence.change(readingMs, () => log.destroy(whyEnded(failure, log))),
      (error: Error) => log.destroy(error),
    );
    const broken = await this.relay(log, silence).then(
      () => undefined,
      (error: Error) => error,
    );
    this.complaint = log.complaint;
    if (this.told) throw this.told;
    // how its task has ended tells more than a log that breaks off
    const isOver = log.readableEnded && (await settlesWithin(ended.then(noMore, noMore), readingMs));
    const failure = isOver ? await ended : undefined;
    if (failure) throw whyEnded(failure, log);
    if (broken) throw broken;
    if (!isOver) throw whyEnded(undefined, log); // of one that still runs nothing more is heard
  }

  private async relay(log: LogOutput, silence: Alarm): Promise<void> {
    const frames = new FrameReader(false);
    const tape = log.pipe(new TapeReader());
    log.on('error', (error) => tape.destroy(error));
    try {
      for await (const chunk of tape as AsyncIterable<Buffer>) {
        silence.stop(); // who is not listened to cannot be heard
        const told: Frame[] = [];
        frames.push(chunk, (frame) => told.push(frame));
        for (const frame of told) await this.pass(frame);
        silence.start();
      }
    } finally {
      silence.end();
    }
    frames.end();
  }

  private async pass(frame: Frame): Promise<void> {
    if (frame.kind === 'data') {
      const id = await this.askedFor(frame.id);
      if (!this.output.write(dataFrame(id, frame.content))) await drained(this.output);
      return;
    }
    const message = readMessage(frame.text, FromAgent);
    if ('alive' in message) return;
    if (!('id' in message)) return this.tell(message);
    if ('failure' in message) {
      // nobody asks for it any more, or ever did
      if (this.stopping || message.id === tapeNumbers.measuring)
        throw (this.told = new TareError(message.failure));
      if (message.failure.code === 'stopped') return; // who stopped it tells why
    }
    this.tell({ ...message, id: await this.askedFor(message.id) });
  }

  private tell(message: object): void {
    const frame = textFrame(message);
    if (frame && this.output.writable) this.output.write(frame);
  }

  /** Waits until it is asked for. @returns the number by which it is */
  private async askedFor(number: number): Promise<number> {
    for (;;) {
      const id = this.asked.get(number);
      if (id !== undefined) return id;
      this.closing.signal.throwIfAborted();
      await new Promise<void>((resolve) => (this.askedNow = resolve));
    }
  }

  private stop(): Promise<void> {
    return (this.stopping ??= this.task.stop().catch(() => undefined)); // it is in the ledger
  }

  async close(politeMs: number): Promise<void> {
    const isGone = this.gone.then(() => undefined);
    await this.stop();
    if (await settlesWithin(isGone, politeMs)) return;
    this.closing.abort();
    this.askedNow();
    await isGone;
  }
}

const noMore = (): void => undefined;

/** What a task has said itself tells more than what its manager knows of it. */
function whyEnded(failure: Failure | undefined, { complaint }: LogOutput): TareError {
  const ended = failure ?? { code: 'agent-ended', exit: '', output: '' };
  const isMute = ended.code === 'task-failed' || ended.code === 'agent-ended';
  return new TareError(isMute && complaint !== '' ? { ...ended, output: complaint } : ended);
}

/** Rings once it was on for so long; whoever changes it while it is on has it begin anew. */
class Alarm {
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private afterMs: number,
    private ring: () => void,
  ) {
    this.start();
  }

  start(): void {
    this.stop();
    if (!this.isOver) this.timer = setTimeout(this.ring, this.afterMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  change(afterMs: number, ring: () => void): void {
    this.afterMs = afterMs;
    this.ring = ring;
    if (this.timer) this.start();
  }

  end(): void {
    this.isOver = true;
    this.stop();
  }
}
