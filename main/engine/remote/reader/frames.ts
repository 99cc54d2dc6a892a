/** What is said between Tare and its relay (assets/reader/relay.c): connections by number, in frames. */

/** `o`: opens a port, or is the relay's answer that it has · `d`: data · `e`: no more data from that side · `r`: the connection is gone */
export type FrameKind = 'o' | 'd' | 'e' | 'r';

export interface Frame {
  number: number;
  kind: FrameKind;
  content: Buffer;
}

const headerBytes = 8;
export const mostContentBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

/** Begins the conversation: the relay passes over whatever came before. */
export const beginning = Buffer.alloc(headerBytes);

/** @param content  `mostContentBytes` at most */
export function encodeFrame(number: number, kind: FrameKind, content: Buffer = nothing): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt32BE(number, 0);
  head.write(kind, 4, 'latin1');
  head.writeUIntBE(content.length, 5, 3);
  return Buffer.concat([head, content]);
}

/** Takes frames out of a stream, however the network cut it. */
export class FrameParser {
  private kept: Buffer = nothing;

  push(chunk: Buffer): Frame[] {
    this.kept = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk]);
    const found: Frame[] = [];
    let at = 0;
    for (;;) {
      if (this.kept.length - at < headerBytes) break;
      const length = this.kept.readUIntBE(at + 5, 3);
      const end = at + headerBytes + length;
      if (this.kept.length < end) break;
      const kind = this.kept.toString('latin1', at + 4, at + 5) as FrameKind;
      const content = this.kept.subarray(at + headerBytes, end);
      found.push({ number: this.kept.readUInt32BE(at), kind, content });
      at = end;
    }
    this.kept = this.kept.subarray(at);
    return found;
  }
}
