/** One side of a conversation in frames: messages of text, files, and a sign of life, over any two streams. */
import { createHash, type Hash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { aliveEveryMs, mostDataBytes, silentAfterMs, type FileEnd } from '../../../contract/fleet/agent';
import { isWithinBounds, readAs } from '../../../contract/run/bounds';
import { TareError, toFailure } from '../../base/errors';
import type { Failure } from '../../../contract/failures';
import { broken, dataFrame, FrameReader, textFrame } from './frames';

/** What may wait to be written before what can be done without is left out. */
const mostWaitingBytes = 16 * 1024 * 1024;

/** How often a side shows that it is there, and for how long the other one may be silent. */
export interface WireTimes {
  aliveEveryMs: number;
  silentAfterMs: number;
}

export interface WireParts<Heard> {
  input: Readable;
  output: Writable;
  /** whether the other side's frames begin at once, without a greeting before them */
  greeted: boolean;
  /** what the other side's messages are held against */
  schema: z.ZodType<Heard>;
  /** @throws {TareError} what ends the conversation */
  hear(message: Heard): void;
  /** a piece of a file; nothing more is read until it settles */
  hearData(id: number, content: Buffer): void | Promise<void>;
  /** default: the protocol's */
  times?: WireTimes;
}

/** Why a conversation is over. */
interface Over {
  /** absent where the other side simply ended it */
  failure?: Failure;
  /** the stream from the other side has ended, or it takes nothing any more: who led there is about to end, too */
  isEnd?: boolean;
}

/** What there is no frame for is left unsaid. */
export class Wire<Heard> {
  /** resolves once the conversation is over */
  readonly over: Promise<Over>;
  private settle!: (over: Over) => void;
  private readonly reader: FrameReader;
  private readonly alive: NodeJS.Timeout;
  private silence: NodeJS.Timeout | undefined;
  private isOver = false;
  /** what goes on once the other side takes more, or never will */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly parts: WireParts<Heard>) {
    const { input, output, greeted, times = { aliveEveryMs, silentAfterMs } } = parts;
    this.over = new Promise((resolve) => (this.settle = resolve));
    this.reader = new FrameReader(greeted);
    input.on('data', this.takeChunk);
    input.on('end', this.takeEnd);
    input.on('close', this.takeEnd);
    input.on('error', () => this.finish({ isEnd: true }));
    output.on('error', () => this.finish({ isEnd: true })); // nobody reads any more
    this.alive = setInterval(() => this.say({ alive: true }), times.aliveEveryMs);
    this.awaitSound();
  }

  /** @returns false where it was too long for a frame */
  say(message: object): boolean {
    const frame = textFrame(message);
    if (frame && this.writable) this.parts.output.write(frame);
    return frame !== undefined;
  }

  /** Says what can be done without, unless the other side reads too slowly. */
  mention(message: object): void {
    if (this.parts.output.writableLength < mostWaitingBytes) this.say(message);
  }

  /**
   * Sends a file in pieces, and its end, as fast as the other side takes it.
   * @throws {TareError} `agent-ended` when the conversation ends before; what reading the file throws
   */
  async send(id: number, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const sum = new Sum();
    for await (const piece of content)
      for (let at = 0; at < piece.length; at += mostDataBytes) {
        const part = piece.subarray(at, at + mostDataBytes);
        sum.add(part);
        if (!this.writable) throw ended();
        if (!this.parts.output.write(dataFrame(id, part))) await this.drained();
      }
    if (!this.writable) throw ended();
    this.say({ id, end: sum.end() });
  }

  /** Ends the conversation: nothing more is heard or said. */
  end(failure: Failure): void {
    this.finish({ failure });
  }

  private finish(over: Over): void {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.alive);
    clearTimeout(this.silence);
    this.parts.input.off('data', this.takeChunk);
    this.parts.input.resume(); // whoever still writes must not wait for ever
    this.settle(over);
    for (const go of this.waiting) go();
  }

  private drained(): Promise<void> {
    const { output } = this.parts;
    return new Promise((resolve) => {
      const go = () => {
        output.off('drain', go).off('close', go);
        this.waiting.delete(go);
        resolve();
      };
      this.waiting.add(go);
      output.on('drain', go).on('close', go);
    });
  }

  private get writable(): boolean {
    return !this.isOver && this.parts.output.writable;
  }

  private readonly takeChunk = (chunk: Buffer): void => {
    this.awaitSound();
    const waits: Promise<void>[] = [];
    try {
      this.reader.push(chunk, (frame) => {
        if (this.isOver) return;
        if (frame.kind === 'text') return this.parts.hear(readMessage(frame.text, this.parts.schema));
        const wait = this.parts.hearData(frame.id, frame.content);
        if (wait) waits.push(wait);
      });
    } catch (error) {
      return this.end(toFailure(error));
    }
    if (waits.length > 0) this.pauseFor(waits);
  };

  private pauseFor(waits: Promise<void>[]): void {
    const { input } = this.parts;
    input.pause();
    clearTimeout(this.silence); // who is not listened to cannot be heard
    void Promise.all(waits)
      .catch((error: unknown) => this.end(toFailure(error)))
      .then(() => {
        input.resume();
        if (!this.isOver) this.awaitSound();
      });
  }

  private readonly takeEnd = (): void => {
    try {
      this.reader.end();
      this.finish({ isEnd: true });
    } catch (error) {
      this.finish({ failure: toFailure(error), isEnd: true });
    }
  };

  private awaitSound(): void {
    const afterMs = this.parts.times?.silentAfterMs ?? silentAfterMs;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end({ code: 'agent-silent', afterMs }), afterMs);
  }
}

/** What stands in a frame of text. @throws {TareError} `frames-broken` */
export function readMessage<Heard>(text: string, schema: z.ZodType<Heard>): Heard {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken('frames-not-json', Buffer.from(text));
  }
  const heard = isWithinBounds(value) ? readAs(schema, value) : undefined;
  if (!heard?.success) throw broken('frames-no-message', Buffer.from(text.slice(0, 500)));
  return heard.data;
}

const ended = (): TareError => new TareError({ code: 'agent-ended', exit: '', output: '' });

/** Length and SHA-256 of what passes. */
export class Sum {
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;

  add(piece: Buffer): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }

  /** To be asked for once. */
  end(): FileEnd {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}
