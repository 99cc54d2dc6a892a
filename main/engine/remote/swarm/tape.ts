/**
 * What a task tells, as the lines of its output: nothing can be asked of a task on another node, but its output comes home by the swarm's
 * own way. A line is its number and a piece of a stream of frames (fleet/frames.ts), in Base64: engines keep output as text, and cut
 * lines at 16 KiB. By the numbers it is seen that none is missing.
 */
import { Transform, type TransformCallback, type Writable } from 'node:stream';
import { aliveEveryMs, agentGreeting, mostDataBytes, type FromAgent } from '../../../contract/fleet/agent';
import { TareError } from '../../base/errors';
import { drained } from '../fleet/drained';
import { dataFrame, textFrame } from '../fleet/frames';
import { Sum } from '../fleet/wire';

/**
 * By which number each answer is told, which nobody can ask a task for: it does what a run on a host consists of, and tells it as an agent does
 * that is asked. `measuring` is told only where it fails.
 */
export const tapeNumbers = { doctor: 1, startRun: 2, measuring: 3, samples: 4, record: 5 } as const;

/** A line of it is 12 KB long. */
const pieceBytes = 9000;
/** Longer is none of ours. */
const longestLine = 16 * 1024;

/** The side of the task. */
export class TapeWriter {
  private count = 0;
  private readonly alive: NodeJS.Timeout;

  constructor(
    private readonly output: Writable,
    everyMs = aliveEveryMs,
  ) {
    this.write(Buffer.from(agentGreeting, 'latin1'));
    this.alive = setInterval(() => this.say({ alive: true }), everyMs);
  }

  /** @returns false where it was too long for a frame, and is left unsaid */
  say(message: FromAgent): boolean {
    const frame = textFrame(message);
    if (frame) this.write(frame);
    return frame !== undefined;
  }

  /** A file, piece by piece, and its end. */
  file(id: number): { take: (piece: Buffer) => Promise<void>; end: () => void } {
    const sum = new Sum();
    return {
      take: async (piece) => {
        sum.add(piece);
        for (let at = 0; at < piece.length; at += mostDataBytes)
          if (!this.write(dataFrame(id, piece.subarray(at, at + mostDataBytes)))) await drained(this.output);
      },
      end: () => void this.say({ id, end: sum.end() }),
    };
  }

  end(): void {
    clearInterval(this.alive);
  }

  /** @returns whether more may be written at once */
  private write(bytes: Buffer): boolean {
    let isReady = true;
    for (let at = 0; at < bytes.length; at += pieceBytes)
      isReady = this.output.write(
        `${++this.count} ${bytes.subarray(at, at + pieceBytes).toString('base64')}\n`,
      );
    return isReady;
  }
}

const lineForm = /^(\d{1,15}) ([A-Za-z0-9+/]+={0,2})$/;

/** The bytes of a tape, of its lines however they were cut. It breaks at a line that is missing, or is none: {@link TareError} `transfer-damaged`. */
export class TapeReader extends Transform {
  private rest = '';
  private count = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = lines.pop()!;
    try {
      if (this.rest.length > longestLine) throw damaged(this.count + 1);
      for (const line of lines) this.push(this.contentOf(line));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.rest === '' ? null : damaged(this.count + 1)); // the task ended in the middle of a line
  }

  private contentOf(line: string): Buffer {
    const [, number, content] = lineForm.exec(line.replace(/\r$/, '')) ?? [];
    if (content === undefined || Number(number) !== ++this.count) throw damaged(this.count);
    return Buffer.from(content, 'base64');
  }
}

const damaged = (line: number): TareError =>
  new TareError({ code: 'transfer-damaged', what: `line ${line}` });
