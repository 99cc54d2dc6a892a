import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calls, type CallName } from '../../../../main/contract/calls';
import { isWithinBounds, readAs } from '../../../../main/contract/run/bounds';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

describe('what may come from outside', () => {
  it.each([
    ['a record of Tare’s own', fakeReportedRun({ preset: 'three-apps' })],
    ['nothing', undefined],
    [
      'a counter of the kernel that says that there is no limit',
      { files: 9_223_372_036_854_775_807n.toString().length, most: 9.223372036854776e18 },
    ],
    ['a long text', 'x'.repeat(1_000_000)],
    ['forty levels', nested(40)],
  ])('%s', (_, value) => expect(isWithinBounds(value)).toBe(true));

  it.each([
    ['a figure that no counter has', { a: [-1e308] }],
    ['none at all', [Number.POSITIVE_INFINITY]],
    ['a longer text', { a: 'x'.repeat(1_000_001) }],
    ['a longer name', { ['x'.repeat(1001)]: 1 }],
    ['more entries than a list may have', new Array(1_000_001).fill(0)],
    ['more levels', nested(41)],
    ['so many levels that no function could call itself for each', nested(100_000)],
  ])('but not %s', (_, value) => expect(isWithinBounds(value)).toBe(false));
});

describe('a length that cannot be compared', () => {
  const odd: unknown = JSON.parse('{"length":{"toString":null}}');

  it.each([
    ['a text', z.object({ of: z.string().max(9) })],
    ['a list', z.object({ of: z.array(z.string()).min(1) })],
    ['either', z.object({ of: z.union([z.string().min(1), z.array(z.string()).max(2)]) })],
  ])('is no length of %s', (_, schema) => {
    expect(() => schema.safeParse({ of: odd }), 'where zod needs no help any more').toThrow(TypeError);
    const read = readAs(schema, { of: odd });
    expect(read.error!.issues[0]!.message).toMatch(/^Invalid/);
  });

  it('does not keep what is in order from being read, nor other mistakes from being thrown', () => {
    expect(readAs(z.looseObject({}), odd).data).toEqual(odd);
    const mistaken = z.string().transform(() => {
      throw new RangeError('of ours');
    });
    expect(() => readAs(mistaken, 'x')).toThrow(RangeError);
  });

  it.each(Object.keys(calls) as CallName[])('%s may be asked with it', (name) => {
    const names = ['id', 'plan', 'run', 'text', 'path', 'kind', 'reference', 'other'];
    const asked = Object.fromEntries(names.map((field) => [field, odd]));
    expect(() => readAs(calls[name].input, asked)).not.toThrow();
  });
});
