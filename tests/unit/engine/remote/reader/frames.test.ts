import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameParser, type FrameKind } from '../../../../../main/engine/remote/reader/frames';

const frame = fc.record({
  number: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  kind: fc.constantFrom<FrameKind>('o', 'd', 'e', 'r'),
  content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

test('frames are whole however the network cuts them', () => {
  const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), cuts, (frames, at) => {
      const all = Buffer.concat(
        frames.map(({ number, kind, content }) => encodeFrame(number, kind, content)),
      );
      const ends = [...at.filter((end) => end < all.length).sort((a, b) => a - b), all.length];
      const parser = new FrameParser();
      const found = ends.flatMap((end, n) => parser.push(all.subarray(ends[n - 1] ?? 0, end)));
      expect(found).toEqual(frames);
    }),
  );
});
