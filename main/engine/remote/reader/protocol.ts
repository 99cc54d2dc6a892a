/** What is said between Tare and its reader (assets/reader/reader.c): one request a line, one answer each, in order. */

export type Request = { kind: 'read' | 'folders'; path: string };
/** `error`: the system's name for what went wrong, such as ENOENT. */
export type Answer = { content: string } | { error: string };

/** The first line that a reader says. */
export const greeting = 'tare-reader 1';

/** No longer one fits into the reader's line. */
const longestPath = 4000;

/** @returns undefined for a path that cannot be asked for: it would be taken for something else */
export function requestLine({ kind, path }: Request): string | undefined {
  if (/[\0-\x1f]/.test(path) || Buffer.byteLength(path) > longestPath) return undefined;
  return `${kind} ${path}\n`;
}

/** Far more than any header. */
const longestHeader = 64;

/** Takes a reader's output apart, however the network cut it. */
export class AnswerParser {
  private pieces: Buffer[] = [];
  private kept = 0;
  /** bytes of the content that is under way */
  private awaited: number | undefined;
  private greeted = false;

  /** @throws an Error when it is not what a reader says */
  push(chunk: Buffer): Answer[] {
    this.pieces.push(chunk);
    this.kept += chunk.length;
    const found: Answer[] = [];
    for (;;) {
      const answer = this.next();
      if (answer === undefined) return found;
      if (answer !== 'greeting') found.push(answer);
    }
  }

  private next(): Answer | 'greeting' | undefined {
    if (this.awaited !== undefined) {
      if (this.kept < this.awaited) return undefined;
      const content = this.take(this.awaited).toString('utf8');
      this.awaited = undefined;
      return { content };
    }
    const line = this.line();
    if (line === undefined) return undefined;
    if (!this.greeted) {
      if (line !== greeting) throw new Error(`not a reader: ${line}`);
      this.greeted = true;
      return 'greeting';
    }
    const [, length, error] = /^(?:ok (\d{1,9})|error ([A-Z0-9]+))$/.exec(line) ?? [];
    if (error !== undefined) return { error };
    if (length === undefined) throw new Error(`not an answer: ${line}`);
    this.awaited = Number(length);
    return this.next();
  }

  private line(): string | undefined {
    const head = this.pieces.length === 1 ? this.pieces[0]! : this.joined();
    const end = head.indexOf('\n');
    if (end < 0) {
      if (head.length > longestHeader) throw new Error('not an answer: no line');
      return undefined;
    }
    return this.take(end + 1)
      .toString('latin1')
      .slice(0, -1);
  }

  private joined(): Buffer {
    const all = Buffer.concat(this.pieces);
    this.pieces = [all];
    return all;
  }

  private take(count: number): Buffer {
    const all = this.joined();
    this.pieces = [all.subarray(count)];
    this.kept = all.length - count;
    return all.subarray(0, count);
  }
}
