/** A few edited inputs for every parser, the same each time; `npm run torture` gives them thousands, others each time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TareError } from '../../main/engine/base/errors';
import { mistakeOf, parsers } from './fuzz/parsers';

const seed = 13;
const numRuns = 100;

test.each(parsers.map((parser) => [parser.name, parser] as const))(
  '%s: an edited input is taken or refused, and no more',
  async (_, parser) => {
    expect(await mistakeOf({ ...parser, refuses: () => false }, parser.good)).toBeUndefined();
    const taken = fc.asyncProperty(parser.inputs, async (input) => {
      expect(await mistakeOf(parser, input)).toBeUndefined();
    });
    await fc.assert(taken, { seed, numRuns });
  },
);

test('what a parser throws without having promised it is a mistake, and its own refusal is none', async () => {
  const [parser] = parsers;
  const throwing = (error: Error) => ({ told: () => Buffer.alloc(0), take: () => Promise.reject(error) });
  expect(await mistakeOf(parser!, throwing(new TypeError('x is undefined')))).toBeInstanceOf(TypeError);
  expect(await mistakeOf(parser!, throwing(new TareError({ code: 'bug', message: 'x' })))).toBeInstanceOf(
    TareError,
  );
  expect(await mistakeOf(parser!, throwing(new TareError({ code: 'stopped' })))).toBeUndefined();
});
