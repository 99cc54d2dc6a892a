import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectsOf } from '../../../../../main/engine/base/docker/ndjson';

/** Cuts bytes at the given places, as a network may. */
function* cut(bytes: Buffer, places: number[]): Generator<Buffer> {
  let from = 0;
  for (const place of [
    ...places.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    yield bytes.subarray(from, place);
    from = place;
  }
}

async function read(chunks: Iterable<Buffer>): Promise<object[]> {
  const all: object[] = [];
  async function* stream() {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  for await (const value of objectsOf(stream())) all.push(value);
  return all;
}

const line = fc.record({ stream: fc.string({ unit: 'grapheme' }), id: fc.string(), n: fc.integer() });
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

test('the same objects come out however the bytes were cut, also inside a character', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), cuts, fc.boolean(), async (lines, places, ended) => {
      const text = lines.map((one) => JSON.stringify(one)).join('\n') + (ended ? '\n' : '');
      expect(await read(cut(Buffer.from(text), places))).toEqual(lines);
    }),
  );
});

test('a broken line costs itself only, and a torn last one nothing', async () => {
  const text = '{"a":1}\r\n\n{"b":\nnull\n7\n{"c":"镜像"}\n{"d":';
  expect(await read([Buffer.from(text)])).toEqual([{ a: 1 }, { c: '镜像' }]);
});
