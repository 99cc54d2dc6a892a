import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { wordsFor } from '../../../../../main/contract/messages';
import { hasPublished, measuredOnly } from '../../../../../main/contract/report/published';
import { Report } from '../../../../../main/contract/report/report';
import { published as byQuantity } from '../../../../../main/engine/results/report/published';
import { fakeReportedRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { chartOf } from '../../../../support/fakes/reports';

const reportOf = (options?: FakeRunOptions) => fakeReportedRun(options).report;
const shownIn = (options: FakeRunOptions, chart: string) =>
  (chartOf(reportOf(options), chart, 'bars').references ?? []).map(({ source }) => source);

const quantities = ['start-up', 'memory'] as const;
const published = quantities.flatMap((quantity) =>
  byQuantity[quantity].map((figure) => ({ ...figure, quantity })),
);

/** Numbers of issues come before it. */
const yearOf = ({ source }: (typeof published)[number]) => Number(source.match(/\b20\d\d\b/g)?.at(-1));

describe.each(published)('the published figure $id', (figure) => {
  const { id, quantity, value, published: words, source } = figure;
  test('is positive, and the very one that its source gives', () => {
    const [, number, unit] = /([\d.]+)(?: ± [\d.]+)? (ms|s|KB|MB|MiB)$/.exec(words)!;
    const size = { ms: 1, s: 1000, KB: 1000, MB: 1e6, MiB: 1024 ** 2 }[unit!]!;
    expect(value).toBeGreaterThan(0);
    expect(value).toBeCloseTo(Number(number) * size, 6);
    expect(unit).toMatch(quantity === 'memory' ? /^(K|Mi?)B$/ : /^m?s$/);
  });

  test('names its source with a year', () => {
    expect(source).toMatch(/github\.com\/[\w-]+\/[\w-]+|docs\.[\w.]+\/[\w/]+/);
    expect(yearOf(figure)).toBeGreaterThan(2000);
  });

  test.each(locales)('has its conditions beside it (%s)', (locale) => {
    expect(wordsFor(locale, 'published.conditions', id)?.length).toBeGreaterThan(30);
  });
});

test('the same is not told in both languages for one and silent for the other', () => {
  const silent = (locale: (typeof locales)[number], words: string) =>
    published
      .filter(({ id }) => wordsFor(locale, 'published.conditions', id)!.includes(words))
      .map(({ id }) => id);
  expect(silent('en', 'Not told: ')).toEqual(silent('zh-CN', '来源未说明：'));
  expect(silent('en', 'Not told: ').length).toBeGreaterThan(15);
});

test.each(quantities)('of %s the newest come first', (quantity) => {
  const years = published.filter((figure) => figure.quantity === quantity).map(yearOf);
  expect(years).toEqual(years.toSorted((a, b) => b - a));
});

test('no figure is there twice, and none is called as another one of its chart', () => {
  expect(new Set(published.map(({ id }) => id)).size).toBe(published.length);
  for (const quantity of quantities) {
    const labels = byQuantity[quantity].map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  }
});

describe('a report', () => {
  test('has them on the start-up and the memory chart, and on no other', () => {
    const report = reportOf({ preset: 'three-apps' });
    expect(report.charts.filter(hasPublished).map(({ id }) => id)).toEqual(['memory', 'start-up']);
    expect(chartOf(report, 'start-up', 'bars').references).toHaveLength(
      published.filter(({ quantity }) => quantity === 'start-up').length,
    );
  });

  test('has only those of what it ran', () => {
    const containers = shownIn({ plan: { targets: ['container'] } }, 'start-up');
    const machines = shownIn({ plan: { targets: ['vm:direct', 'vm:micro'] } }, 'start-up');
    const of = (kind: string) =>
      published
        .filter((figure) => figure.quantity === 'start-up' && figure.of === kind)
        .map(({ source }) => source);
    expect(containers).toEqual(of('container'));
    expect(machines).toEqual(of('vm'));
    expect(containers.filter((source) => machines.includes(source))).toEqual([]);
    expect(shownIn({ plan: { targets: ['process'] } }, 'start-up')).toEqual([]);
  });

  test('warns that they are not comparable, of emulated VMs most of all', () => {
    const about = (accelerator: 'tcg' | 'kvm') =>
      chartOf(reportOf({ accelerator }), 'start-up', 'bars').aboutReferences?.key;
    expect(about('kvm')).toBe('published.about');
    expect(about('tcg')).toBe('published.about.emulated');
  });

  test('of an earlier Tare, which had none, is read as it is', () => {
    const earlier = JSON.parse(JSON.stringify(measuredOnly(reportOf()))) as unknown;
    expect(JSON.stringify(earlier)).not.toContain('eferences');
    expect(Report.parse(earlier)).toEqual(earlier);
  });
});
