import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import type { ChartSpec } from '../../../../../main/contract/report/report';
import { widthOf } from '../../../../../main/drawing/words';
import { paintChart } from '../../../../../main/engine/results/export/svg';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';
import { wellFormed, type XmlElement } from '../../../../support/xml';

const words = (root: XmlElement): string[] =>
  root.name === 'text' ? [root.text] : root.children.flatMap((child) => words(child));
const all = (root: XmlElement, name: string): XmlElement[] => [
  ...(root.name === name ? [root] : []),
  ...root.children.flatMap((child) => all(child, name)),
];
const charts = (options?: Parameters<typeof fakeReportedRun>[0]) => fakeReportedRun(options).report.charts;
const chart = (id: string, options?: Parameters<typeof fakeReportedRun>[0]) =>
  charts(options).find((spec) => spec.id === id)!;

/** Every text's horizontal extent, by the widths the painter itself reckons with. */
function extents(root: XmlElement): { words: string; from: number; to: number }[] {
  return all(root, 'text').map(({ text, attributes }) => {
    const width = widthOf(text, Number(attributes['font-size']), Number(attributes['font-weight'] ?? 400));
    const x = Number(attributes.x);
    const shift = { end: width, middle: width / 2 }[attributes['text-anchor'] ?? ''] ?? 0;
    return { words: text, from: x - shift, to: x - shift + width };
  });
}

describe.each(['quick', 'three-apps', 'startup'])('the charts of %s', (preset) => {
  test.each(locales)('are well-formed, named and described (%s)', (locale) => {
    const specs = charts({ preset });
    expect(specs.length).toBeGreaterThan(3);
    for (const spec of specs) {
      const root = wellFormed(paintChart(spec, locale));
      const [title, description] = [all(root, 'title')[0]!, all(root, 'desc')[0]!];
      expect(root.attributes['aria-labelledby']).toBe(`${title.attributes.id} ${description.attributes.id}`);
      expect(title.text).not.toBe('');
      expect(description.text).toContain('n = ');
      expect(words(root).join(' ')).not.toMatch(/undefined|NaN|\{\w+\}|\[object/);
      expect(paintChart(spec, locale)).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test.each(locales)('keep every word inside the page (%s)', (locale) => {
    for (const spec of charts({ preset })) {
      for (const { words: told, from, to } of extents(wellFormed(paintChart(spec, locale)))) {
        expect({ told, inside: from >= 0 && to <= 960 }).toEqual({ told, inside: true });
      }
    }
  });

  test('are the same bytes every time', () => {
    const paint = () => charts({ preset }).map((spec) => paintChart(spec, 'en'));
    expect(paint()).toEqual(paint());
  });
});

test('a name of 41 characters is not cut, and does not squeeze the bars', () => {
  const name = 'a-very-long-workload-name_with.everythin1';
  const image = { kind: 'builtin' as const, name: 'web' as const };
  const plan = {
    workloads: [
      { name, image, port: 80, limits: { memoryBytes: 2 ** 28 } },
      { name: 'b', image, port: 80, limits: { memoryBytes: 2 ** 28 } },
    ],
  };
  for (const spec of charts({ plan })) {
    const root = wellFormed(paintChart(spec, 'en'));
    expect(words(root).join(' ')).toContain(name);
    expect(extents(root).filter(({ from, to }) => from < 0 || to > 960)).toEqual([]);
  }
});

test('what hatching means is told once, and only where times are those of emulated VMs', () => {
  const told = (spec: ChartSpec) =>
    words(wellFormed(paintChart(spec, 'en'))).filter((line) => line.includes('not the speed of VMs'));
  const charts = (accelerator: 'tcg' | 'kvm') => [
    chart('start-up', { accelerator }),
    chart('phases', { accelerator }),
    chart('memory', { accelerator }),
  ];
  expect(charts('tcg').map((spec) => told(spec).length)).toEqual([1, 1, 0]);
  expect(charts('kvm').flatMap(told)).toEqual([]);
  // a record of Tare 0.1 tells it of the whole chart
  const old = { ...chart('start-up', { accelerator: 'kvm' }), caution: { key: 'chart.emulated', facts: {} } };
  expect(told(old)).toHaveLength(1);
});

test('the value axis names its unit, and bars start at 0', () => {
  const told = words(wellFormed(paintChart(chart('start-up'), 'en')));
  expect(told).toContain('Time to ready (s)');
  expect(told).toContain('0');
  expect(words(wellFormed(paintChart(chart('totals', { preset: 'three-apps' }), 'zh-CN')))).toContain(
    '自有内存（GiB）',
  );
});

test('every measurement is a point', () => {
  const spec = chart('start-up', { plan: { trials: 7 } });
  const root = wellFormed(paintChart(spec, 'en'));
  expect(all(root, 'circle')).toHaveLength(14 + 1); // and one in the legend
});

test('names from outside cannot break out of the text', () => {
  const spec = chart('start-up') as Extract<ChartSpec, { kind: 'bars' }>;
  spec.bars[0]!.label = '<script>alert("1")</script> & \u0000';
  const root = wellFormed(paintChart(spec, 'en'));
  expect(all(root, 'script')).toEqual([]);
  expect(words(root)).toContain('<script>alert("1")</script> & ');
});

describe('with little to draw', () => {
  const bars: ChartSpec = {
    id: 'x',
    kind: 'bars',
    title: { key: 'chart.start-up', facts: {} },
    note: { key: 'chart.start-up.note', facts: { n: '0' } },
    unit: 'ms',
    series: [{ id: 'a', label: 'a' }],
    bars: [{ label: 'a', target: 'container', values: [null] }],
  };

  test('a missing value is told in words, not drawn as 0', () => {
    expect(words(wellFormed(paintChart(bars, 'en')))).toContain('not measured');
  });

  test('empty charts are still pages', () => {
    const frame = { id: 'x', title: bars.title, note: bars.note };
    wellFormed(paintChart({ ...frame, kind: 'bars', unit: 'ms', series: [], bars: [] }, 'en'));
    wellFormed(paintChart({ ...frame, kind: 'lines', unit: 'bytes', lines: [] }, 'en'));
    wellFormed(paintChart({ ...frame, kind: 'spans', unit: 'ms', rows: [] }, 'en'));
    wellFormed(
      paintChart(
        {
          ...frame,
          kind: 'lines',
          unit: 'bytes',
          lines: [{ label: 'a', target: 'vm:direct', points: [{ xMs: 0, y: 0 }] }],
        },
        'en',
      ),
    );
  });
});
