/**
 * The frames in which Tare and an agent speak: four bytes of length, a byte that tells the kind, and a content. By length and not by
 * lines, since files travel in them too: an image as text would be a third longer.
 */
import { TextDecoder } from 'node:util';
import { agentGreeting, mostDataBytes, mostMessageBytes } from '../../../contract/fleet/agent';
import type { FramesBroken } from '../../../contract/fleet/failures';
import { TareError } from '../../base/errors';

export type Frame =
  /** of JSON */
  | { kind: 'text'; text: string }
  /** a piece of a file, by the number that it was asked for with */
  | { kind: 'data'; id: number; content: Buffer };

const kinds = { text: 'j'.charCodeAt(0), data: 'd'.charCodeAt(0) } as const;
const lengthBytes = 4;
const headBytes = lengthBytes + 1;
const idBytes = 4;
const mostOf: Record<number, number> = {
  [kinds.text]: mostMessageBytes,
  [kinds.data]: idBytes + mostDataBytes,
};

/** What a login shell may print before the agent is there. */
const mostNoiseBytes = 64 * 1024;
/** As much of what is no frame is told. */
const toldCharacters = 500;

function framed(kind: number, ...contents: Buffer[]): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(contents.reduce((sum, { length }) => sum + length, 0));
  head.writeUInt8(kind, lengthBytes);
  return Buffer.concat([head, ...contents]);
}

/** Undefined where it is longer than a frame may be. */
export function textFrame(message: unknown): Buffer | undefined {
  const content = Buffer.from(JSON.stringify(message));
  return content.length > mostMessageBytes ? undefined : framed(kinds.text, content);
}

/** @param content  `mostDataBytes` at most */
export function dataFrame(id: number, content: Buffer): Buffer {
  const number = Buffer.alloc(idBytes);
  number.writeUInt32BE(id);
  return framed(kinds.data, number, content);
}

/** Control characters are left out: what is told of it may reach a terminal. */
export const broken = (reason: FramesBroken, said: Buffer): TareError =>
  new TareError({
    code: 'frames-broken',
    reason,
    output: said
      .toString('latin1')
      .replace(/[^\x20-\x7e\n]+/g, ' ')
      .trim()
      .slice(-toldCharacters),
  });

/** Takes frames out of a stream, however it was cut. What is no frame ends it: nothing after it can be believed. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private failed: TareError | undefined;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  /** @param greeted  whether the frames begin at once; else after the agent's greeting, and what comes before is passed over */
  constructor(private greeted: boolean) {}

  /**
   * @param take  is given each whole frame, in order
   * @throws {TareError} `frames-broken`, now and whatever comes later
   */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    if (this.failed) throw this.failed;
    this.pieces.push(chunk);
    this.bytes += chunk.length;
    for (let frame = this.nextOrFail(); frame; frame = this.nextOrFail()) take(frame);
  }

  private nextOrFail(): Frame | undefined {
    try {
      return this.greeted || this.passGreeting() ? this.next() : undefined;
    } catch (error) {
      this.failed = error as TareError;
      this.pieces = [];
      throw error;
    }
  }

  /** @throws {TareError} `frames-broken` when the stream ended within a frame */
  end(): void {
    if (this.failed) throw this.failed;
    if (!this.greeted) throw broken('frames-no-greeting', this.all());
    if (this.bytes > 0) throw broken('frames-torn', this.all());
  }

  private passGreeting(): boolean {
    const all = this.all();
    const at = all.indexOf(agentGreeting, 0, 'latin1');
    if (at < 0) {
      if (all.length > mostNoiseBytes) throw broken('frames-no-greeting', all);
      return false;
    }
    this.take(at + agentGreeting.length);
    this.greeted = true;
    return true;
  }

  private next(): Frame | undefined {
    if (this.bytes < headBytes) return undefined;
    const head = this.peek(headBytes);
    const [length, kind] = [head.readUInt32BE(), head.readUInt8(lengthBytes)];
    const most = mostOf[kind];
    if (most === undefined) throw broken('frames-unknown-kind', this.all());
    if (length > most) throw broken('frames-too-large', head);
    if (kind === kinds.data && length < idBytes) throw broken('frames-unknown-kind', head);
    if (this.bytes < headBytes + length) return undefined;
    const content = this.take(headBytes + length).subarray(headBytes);
    if (kind === kinds.data)
      return { kind: 'data', id: content.readUInt32BE(), content: content.subarray(idBytes) };
    try {
      return { kind: 'text', text: this.decoder.decode(content) };
    } catch {
      throw broken('frames-not-utf8', content);
    }
  }

  /** The first bytes, as one piece: only as many are joined as are looked at. */
  private peek(count: number): Buffer {
    const [first] = this.pieces;
    return first && first.length >= count ? first : this.all();
  }

  private all(): Buffer {
    if (this.pieces.length !== 1) this.pieces = [Buffer.concat(this.pieces)];
    return this.pieces[0]!;
  }

  private take(count: number): Buffer {
    const all = this.all();
    const rest = all.subarray(count);
    this.pieces = rest.length > 0 ? [rest] : [];
    this.bytes = rest.length;
    return all.subarray(0, count);
  }
}
