import fc from 'fast-check';
import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, it, test } from 'vitest';
import type { FromAgent } from '../../../../../main/contract/fleet/agent';
import { FrameReader, type Frame } from '../../../../../main/engine/remote/fleet/frames';
import { LogOutput } from '../../../../../main/engine/remote/swarm/log';
import { TapeReader, TapeWriter } from '../../../../../main/engine/remote/swarm/tape';
import { written } from '../../../../support/fleet/written';

/** What a task writes that tells this, and sends this file. */
async function taped(messages: FromAgent[], pieces: Buffer[] = []): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const output = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk), done()) });
  const tape = new TapeWriter(output);
  messages.forEach((message) => tape.say(message));
  const file = tape.file(7);
  for (const piece of pieces) await file.take(piece);
  file.end();
  tape.end();
  return Buffer.concat(chunks);
}

/** Cut at these places, in their order. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const read = (chunks: Buffer[]) => buffer(Readable.from(chunks).pipe(new TapeReader()));
const damaged = { failure: { code: 'transfer-damaged' } };

it('brings home what was told, however lines and streams were cut', async () => {
  const bytes = fc.uint8Array({ maxLength: 30_000 }).map((array) => Buffer.from(array));
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(fc.nat(), { maxLength: 20 }), async (content, places) => {
      const tape = await taped([{ alive: true }], [content]);
      const lines = tape.toString().split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(16 * 1024);
      const home = await read(cut(tape, places));
      const frames: Frame[] = [];
      new FrameReader(false).push(home, (frame) => frames.push(frame));
      const data = frames.flatMap((frame) => (frame.kind === 'data' ? [frame.content] : []));
      expect(Buffer.concat(data)).toEqual(content);
      expect(frames.at(-1)).toMatchObject({
        kind: 'text',
        text: expect.stringContaining('sha256') as string,
      });
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['a line is missing', (lines: string[]) => lines.toSpliced(1, 1)],
  ['a line came twice', (lines: string[]) => lines.toSpliced(1, 0, lines[1]!)],
  ['lines came in another order', ([a, b, ...rest]: string[]) => [b!, a!, ...rest]],
  ['something else was printed', (lines: string[]) => ['Warning: 1 AAAA', ...lines]],
  ['the last line was cut', (lines: string[]) => [...lines.slice(0, -2), lines.at(-2)!.slice(0, -4)]],
  ['a line never ends', () => ['1 ' + 'A'.repeat(20_000)]],
])('refuses a tape of which %s', async (_, change) => {
  const lines = (await taped([{ alive: true }], [Buffer.alloc(40_000)])).toString().split('\n');
  await expect(read([Buffer.from(change(lines).join('\n'))])).rejects.toMatchObject(damaged);
});

it('never throws anything but its failure at what is no tape', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 500 }), async (bytes) => {
      const ending = pipeline(
        Readable.from([Buffer.from(bytes)]),
        new TapeReader(),
        new PassThrough().resume(),
      );
      await ending.catch((error: unknown) => expect(error).toMatchObject(damaged));
    }),
  );
});

it('tells an engine’s two outputs apart, however the stream was cut', async () => {
  const piece = fc.record({
    output: fc.constantFrom('stdout' as const, 'stderr' as const),
    content: fc.string({ maxLength: 50 }).map((text) => Buffer.from(text.replace(/[^a-z]/g, 'x'))),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(fc.nat(), { maxLength: 20 }), async (pieces, places) => {
      const log = new LogOutput();
      const stream = Buffer.concat(pieces.map(({ output, content }) => written(output, content)));
      const home = await buffer(Readable.from(cut(stream, places)).pipe(log));
      const of = (asked: string) =>
        Buffer.concat(pieces.flatMap(({ output, content }) => (output === asked ? [content] : [])));
      expect(home).toEqual(of('stdout'));
      expect(log.complaint).toBe(of('stderr').toString());
    }),
  );
});
