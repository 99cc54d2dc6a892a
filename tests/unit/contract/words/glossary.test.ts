import { expect, test } from 'vitest';
import { z } from 'zod';
import texts from '../../../../assets/glossary.json';
import { locales } from '../../../../main/contract/appearance';
import { termBehind, termsBehind } from '../../../../main/contract/words/glossary';

const ids = Object.keys(texts) as (keyof typeof texts)[];

/** A sentence, with what ends one in either language. */
const Sentence = z.string().regex(/[.。…]$/);
const Telling = z.strictObject({ name: z.string().min(1).max(40), short: Sentence.max(160), more: Sentence });
const Entry = z.strictObject({
  also: z.array(z.string().min(1)),
  see: z.array(z.enum(ids as [string, ...string[]])),
  en: Telling,
  'zh-CN': Telling,
});

test.each(ids)('%s is explained in both languages', (id) => {
  const entry = Entry.parse(texts[id]);
  expect(entry.see).not.toContain(id);
  expect(entry['zh-CN'].short).toMatch(/[\u4e00-\u9fff]/);
  expect(entry.en.short + entry.en.more).not.toMatch(/[\u4e00-\u9fff]/);
});

test('terms stand in the order of their ids', () => expect(ids).toEqual([...ids].sort()));

test('a word leads to one term only', () => {
  const words = ids.flatMap((id) => [id, ...texts[id].also.filter((word) => word !== id)]);
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
});

test('Chinese keeps a space between its own and Latin characters', () => {
  const glued = /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]|[\u4e00-\u9fff][,;:?!]/;
  expect(ids.filter((id) => Object.values(texts[id]['zh-CN']).some((text) => glued.test(text)))).toEqual([]);
});

test('what is shown leads to terms that exist, and names of other things to none', () => {
  expect(ids).toContain(termBehind('column.hostBytes'));
  expect(termBehind('column.workload')).toBeUndefined();
  expect(termBehind('constructor')).toBeUndefined();
  const name = (locale: (typeof locales)[number]) => texts[termBehind('column.pssBytes')!][locale].name;
  expect(locales.map(name)).toEqual(['PSS', 'PSS']);
});

test('a table asks each term once, where it comes first', () => {
  const keys = ['column.workload', 'column.hostBytes', 'column.readyMs', 'column.marginalBytes'];
  expect(termsBehind(keys)).toEqual([undefined, 'own-memory', 'ready', undefined]);
});
