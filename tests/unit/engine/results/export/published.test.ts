import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import {
  hasPublished,
  withoutPublished,
  type PublishedSpec,
} from '../../../../../main/contract/report/published';
import { paintChart } from '../../../../../main/engine/results/export/svg';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';
import { wellFormed, type XmlElement } from '../../../../support/xml';

const texts = (root: XmlElement): XmlElement[] => [
  ...(root.name === 'text' ? [root] : []),
  ...root.children.flatMap(texts),
];
const charts = (accelerator: 'tcg' | 'kvm' = 'kvm') =>
  fakeReportedRun({ accelerator }).report.charts.filter(hasPublished);
const startUp = (accelerator?: 'tcg' | 'kvm'): PublishedSpec =>
  charts(accelerator).find(({ id }) => id === 'start-up')!;
const drawn = (spec: PublishedSpec, locale: 'en' | 'zh-CN' = 'en') => wellFormed(paintChart(spec, locale));

describe.each(locales)('published figures on a drawing (%s)', (locale) => {
  test('have value, conditions and source beside them, and the sentence that bars them from comparison', () => {
    for (const spec of charts('tcg')) {
      const root = drawn(spec, locale);
      const words = texts(root).map(({ text }) => text);
      const all = words.join('').replace(/\s/g, '');
      const description = root.children.find(({ name }) => name === 'desc')!.text;
      expect(all).toContain(say(locale, spec.aboutReferences!).replace(/\s/g, ''));
      for (const { label, published, conditions, source } of spec.references) {
        expect(words).toContain(say(locale, label));
        expect(words).toContain(published);
        expect(all).toContain(say(locale, conditions).replace(/\s/g, ''));
        expect(all).toContain(source.replace(/\s/g, ''));
        expect(description).toContain(say(locale, conditions));
      }
    }
  });

  test('are not there where nobody asked for them', () => {
    for (const spec of charts()) {
      const plain = paintChart(withoutPublished(spec), locale);
      expect(plain).not.toContain('Firecracker');
      expect(plain).not.toContain(say(locale, { key: 'published.title', facts: {} }));
    }
  });
});

test('they stand below the axis, clear of every bar', () => {
  const spec = startUp();
  const all = texts(drawn(spec));
  const y = (words: string) => Number(all.find(({ text }) => text === words)!.attributes.y);
  expect(y('Published elsewhere')).toBeGreaterThan(y('Time to ready (s)'));
  expect(y('Kata + QEMU')).toBeGreaterThan(y('Published elsewhere'));
});

describe('the axis', () => {
  const withValue = (value: number): PublishedSpec => {
    const spec = startUp();
    return { ...spec, references: [{ ...spec.references[0]!, value, published: `${value} ms` }] };
  };
  const xOf = (spec: PublishedSpec, words: string) =>
    Number(texts(drawn(spec)).find(({ text }) => text === words)!.attributes.x);

  test('reaches as far as a figure that is somewhat larger than the bars', () => {
    const ticks = texts(drawn(withValue(1100))).map(({ text }) => text);
    expect(ticks).toContain('1');
  });

  test('stays as it is for one far beyond, which is named at its end', () => {
    const far = withValue(1e6);
    expect(xOf(far, '200')).toBe(xOf({ ...far, references: [{ ...far.references[0]!, value: 1 }] }, '200'));
    expect(xOf(far, '1000000 ms')).toBeGreaterThan(xOf(far, '200'));
    expect(xOf(far, '1000000 ms')).toBeLessThan(960 - 44);
  });

  test('is that of the figures in the middle where nothing was measured', () => {
    const spec = startUp();
    const bars = spec.bars.map(({ label, target }) => ({ label, target, values: [null] }));
    const words = texts(drawn({ ...spec, bars })).map(({ text }) => text);
    expect(words).toContain('600');
    expect(words).toContain('Time to ready (ms)');
  });
});
