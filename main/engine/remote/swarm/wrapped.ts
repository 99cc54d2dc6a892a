/**
 * Long lines of a task's output. Engines keep what a container writes as text, in lines that they cut at 16 KiB; so a longer line is written in
 * pieces, each but the last with a backslash at its end, which no line of JSON has.
 */
import { Transform, type TransformCallback } from 'node:stream';

const pieceBytes = 8 * 1024;
const newLine = 0x0a;
const continued = Buffer.from('\\\n');

/** The side of the task. */
export class Wrapped extends Transform {
  /** of the line that is written */
  private bytes = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      // a character is in one piece: who keeps text keeps no halves
      const isWithin = (byte & 0xc0) === 0x80;
      if (this.bytes >= pieceBytes && byte !== newLine && !isWithin) {
        this.push(chunk.subarray(from, at));
        this.push(continued);
        [from, this.bytes] = [at, 0];
      }
      this.bytes = byte === newLine ? 0 : this.bytes + 1;
    }
    this.push(chunk.subarray(from));
    done();
  }
}

/** The side of who reads it. */
export class Unwrapped extends Transform {
  private rest = '';

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const text = this.rest + chunk.toString('latin1');
    const end = text.endsWith('\\') ? text.length - 1 : text.length;
    this.rest = text.slice(end);
    this.push(Buffer.from(text.slice(0, end).replaceAll('\\\n', ''), 'latin1'));
    done();
  }
}
