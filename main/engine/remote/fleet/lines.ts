/** Lines of a stream that somebody else writes: none is longer than it may be, and what is none of ours is told without harm. */
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { FramesBroken } from '../../../contract/fleet/failures';
import { TareError } from '../../base/errors';

/** As much of what is no line of ours is told. */
const toldCharacters = 500;

/** Control characters are left out: what is told of it may reach a terminal. */
export const broken = (reason: FramesBroken, said: string): TareError =>
  new TareError({
    code: 'frames-broken',
    reason,
    output: said
      .slice(-2 * toldCharacters)
      .replace(/[^\x20-\x7e\n]+/g, ' ')
      .trim()
      .slice(-toldCharacters),
  });

export interface LineBounds {
  mostBytes: number;
  /** hears that something has come, were it a part of a line */
  heard: () => void;
  /** a line that is longer than usual is read on once this settles: of many streams not all may hold one at once */
  large: () => Promise<void>;
}

/** More have only records of thousands of trials. */
const usualBytes = 4 * 1024 * 1024;
const newLine = 0x0a;

/**
 * The lines of a stream, as fast as they are taken; an end without a line break is none.
 * @throws {TareError} `frames-broken`; what the stream is destroyed with
 */
export async function* linesOf(
  input: Readable,
  { mostBytes, heard, large }: LineBounds,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pieces: Buffer[] = [];
  let bytes = 0;
  let isLarge = false;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    heard();
    let from = 0;
    for (let at = chunk.indexOf(newLine); at >= 0; at = chunk.indexOf(newLine, from)) {
      const line = Buffer.concat([...pieces, chunk.subarray(from, at)]);
      if (line.length > mostBytes) throw broken('frames-too-large', '');
      [pieces, bytes, from] = [[], 0, at + 1];
      yield textOf(line, decoder);
    }
    pieces.push(chunk.subarray(from));
    bytes += chunk.length - from;
    if (bytes > mostBytes) throw broken('frames-too-large', '');
    if (bytes <= usualBytes || isLarge) continue;
    isLarge = true;
    await large();
  }
}

function textOf(line: Buffer, decoder: TextDecoder): string {
  try {
    return decoder.decode(line);
  } catch {
    throw broken('frames-not-utf8', line.toString('latin1'));
  }
}
