import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SolveStream, type Printed } from '../../../../../../main/engine/images/image/build/solveStream';

const read = (chunks: readonly string[]): Printed[] => {
  const stream = new SolveStream();
  return [...chunks.flatMap((chunk) => stream.take(chunk)), ...stream.end()];
};
const objects = (printed: Printed[]) => printed.flatMap((one) => ('object' in one ? [one.object] : []));
const lines = (printed: Printed[]) => printed.flatMap((one) => ('line' in one ? [one.line] : []));

/** A status as buildx prints one: an object, whatever is in it. JSON knows no -0. */
const status = fc
  .dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 })
  .map((one) => JSON.parse(JSON.stringify(one)) as typeof one);
const sentence = fc.stringMatching(/^[A-Za-z0-9-][ -~]{0,40}$/);
const cutAnywhere = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 6 }).map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), text.length];
    return places.slice(1).map((end, at) => text.slice(places[at], end));
  });

describe('what buildx prints', () => {
  test('is told apart however it was cut, on one line each or spread over many', () => {
    const printed = fc.array(
      fc.oneof(fc.record({ object: status, indent: fc.constantFrom(0, 2) }), fc.record({ line: sentence })),
      { maxLength: 8 },
    );
    const text = printed.map((all) => ({
      all,
      text: all
        .map((one) => ('line' in one ? one.line : JSON.stringify(one.object, null, one.indent)) + '\n')
        .join(''),
    }));
    const cut = text.chain(({ all, text: whole }) => cutAnywhere(whole).map((chunks) => ({ all, chunks })));
    fc.assert(
      fc.property(cut, ({ all, chunks }) => {
        const found = read(chunks);
        expect(objects(found)).toEqual(all.flatMap((one) => ('object' in one ? [one.object] : [])));
        expect(lines(found)).toEqual(all.flatMap((one) => ('line' in one ? [one.line] : [])));
      }),
    );
  });

  test('of an object that is torn nothing is believed, and what follows is read', () => {
    const torn = '{\n  "vertexes": [\n    {\n      "digest": "sha256:1",\n';
    const whole = '{\n  "vertexes": []\n}\n';
    expect(read([torn, whole, 'ERROR: failed\n'])).toEqual([
      { object: { vertexes: [] } },
      { line: 'ERROR: failed' },
    ]);
    expect(read([torn, 'Dockerfile:3\n'])).toEqual([{ line: 'Dockerfile:3' }]);
    expect(read(['{"vertexes": [', '{"statuses": []}\n'])).toEqual([]);
    expect(read([torn])).toEqual([]);
  });

  test('ends without a line break, and may end its lines as Windows does', () => {
    expect(read(['{\r\n  "logs": []\r\n}\r\nERROR: no'])).toEqual([
      { object: { logs: [] } },
      { line: 'ERROR: no' },
    ]);
  });
});
