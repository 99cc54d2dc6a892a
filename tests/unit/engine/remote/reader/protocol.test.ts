import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AnswerParser,
  greeting,
  requestLine,
  type Answer,
} from '../../../../../main/engine/remote/reader/protocol';

const answer = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((content): Answer => ({ content })),
  fc.constantFrom('ENOENT', 'ESRCH', 'EACCES', 'E2BIG').map((error): Answer => ({ error })),
);

const said = (answers: Answer[]): Buffer =>
  Buffer.concat([
    Buffer.from(`${greeting}\n`),
    ...answers.map((one) =>
      Buffer.from(
        'error' in one ? `error ${one.error}\n` : `ok ${Buffer.byteLength(one.content)}\n${one.content}`,
      ),
    ),
  ]);

test('answers are whole however the network cuts them', () => {
  const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 12 }), cuts, (answers, at) => {
      const all = said(answers);
      const ends = [...at.filter((end) => end < all.length).sort((a, b) => a - b), all.length];
      const parser = new AnswerParser();
      const found = ends.flatMap((end, n) => parser.push(all.subarray(ends[n - 1] ?? 0, end)));
      expect(found).toEqual(answers);
    }),
  );
});

test.each([
  ['another program', 'hello\n'],
  ['an answer of another kind', `${greeting}\nfine 3\nabc`],
  ['a length that is none', `${greeting}\nok -1\n`],
  ['no line at all', 'x'.repeat(100)],
])('what no reader says is refused: %s', (_, text) => {
  expect(() => new AnswerParser().push(Buffer.from(text))).toThrow();
});

test('only a path that is one line of the reader’s is asked for', () => {
  expect(requestLine({ kind: 'read', path: '/proc/self/stat' })).toBe('read /proc/self/stat\n');
  expect(requestLine({ kind: 'read', path: '/proc/a\nread /etc/passwd' })).toBeUndefined();
  expect(requestLine({ kind: 'folders', path: `/proc/${'x'.repeat(4000)}` })).toBeUndefined();
});
