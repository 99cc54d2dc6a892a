import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentGreeting, mostDataBytes, mostMessageBytes } from '../../../../../main/contract/fleet/agent';
import { TareError } from '../../../../../main/engine/base/errors';
import {
  dataFrame,
  FrameReader,
  textFrame,
  type Frame,
} from '../../../../../main/engine/remote/fleet/frames';

const read = (greeted: boolean, chunks: Buffer[]): Frame[] => {
  const reader = new FrameReader(greeted);
  const found: Frame[] = [];
  for (const chunk of chunks) reader.push(chunk, (frame) => found.push(frame));
  reader.end();
  return found;
};

/** One stream, cut at these places. */
const cutAt = (whole: Buffer, places: number[]): Buffer[] => {
  const sorted = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, at) => whole.subarray(from, sorted[at] ?? whole.length));
};

const frame = fc.oneof(
  fc.json().map((text) => ({ kind: 'text' as const, text })),
  fc.record({
    kind: fc.constant('data' as const),
    id: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
);
const encoded = (one: Frame): Buffer =>
  one.kind === 'text' ? textFrame(JSON.parse(one.text))! : dataFrame(one.id, one.content);
const plain = (frames: Frame[]) =>
  frames.map((one) =>
    one.kind === 'text' ? JSON.stringify(JSON.parse(one.text)) : [one.id, one.content.toString('hex')],
  );

const reasonOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TareError);
    const { failure } = error as TareError;
    return failure.code === 'frames-broken' ? failure.reason : failure.code;
  }
};

describe('frames', () => {
  it('are the same however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (frames, places) => {
          const whole = Buffer.concat(frames.map(encoded));
          expect(plain(read(true, cutAt(whole, places)))).toEqual(plain(frames));
        },
      ),
    );
  });

  it('begin after the greeting, whatever a login shell printed before, wherever it was cut', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }).filter((noise) => !noise.includes('\0')),
        fc.array(frame, { maxLength: 4 }),
        fc.array(fc.nat(3000), { maxLength: 6 }),
        (noise, frames, places) => {
          const whole = Buffer.concat([
            Buffer.from(noise),
            Buffer.from(agentGreeting),
            ...frames.map(encoded),
          ]);
          expect(plain(read(false, cutAt(whole, places)))).toEqual(plain(frames));
        },
      ),
    );
  });

  it('garbage ends in nothing but its own failure, and keeps ending in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }),
        fc.boolean(),
        (chunks, greeted) => {
          const reader = new FrameReader(greeted);
          let reason: string | undefined;
          for (const chunk of chunks) {
            const now = reasonOf(() => reader.push(Buffer.from(chunk), () => undefined));
            if (reason !== undefined) expect(now).toBe(reason);
            reason ??= now;
          }
          const atEnd = reasonOf(() => reader.end());
          if (reason !== undefined) expect(atEnd).toBe(reason);
        },
      ),
    );
  });

  const head = (length: number, kind: string) => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt32BE(length);
    bytes.write(kind, 4, 'latin1');
    return bytes;
  };
  it.each([
    ['a line of two gibibytes', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'frames-unknown-kind'],
    ['a length that no frame has', head(2 ** 31, 'j'), 'frames-too-large'],
    ['a text that is just too long', head(mostMessageBytes + 1, 'j'), 'frames-too-large'],
    ['a piece that is just too long', head(mostDataBytes + 5, 'd'), 'frames-too-large'],
    ['a piece without a number', Buffer.concat([head(2, 'd'), Buffer.from('ab')]), 'frames-unknown-kind'],
    ['a text that is no text', Buffer.concat([head(2, 'j'), Buffer.from([0xc3, 0x28])]), 'frames-not-utf8'],
    ['a frame without its end', Buffer.concat([head(5, 'j'), Buffer.from('tr')]), 'frames-torn'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(reasonOf(() => read(true, [bytes]))).toBe(reason);
  });

  it('waits for no greeting longer than a login shell’s words are', () => {
    const reader = new FrameReader(false);
    const line = Buffer.from('Last login: today\n'.repeat(1000));
    const reasons = Array.from({ length: 5 }, () => reasonOf(() => reader.push(line, () => undefined)));
    expect(reasons).toEqual([undefined, undefined, undefined, 'frames-no-greeting', 'frames-no-greeting']);
  });

  it('are not made of what is too long for one', () => {
    expect(textFrame('a'.repeat(mostMessageBytes))).toBeUndefined();
    expect(textFrame('a'.repeat(mostMessageBytes - 2))).toBeDefined();
  });
});
