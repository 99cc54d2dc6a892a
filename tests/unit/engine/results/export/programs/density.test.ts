/** How many instances fit, and what each takes: the report's figures, in every format that has a place for them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell, Report } from '../../../../../../main/contract/report/report';
import type { DensityLadder } from '../../../../../../main/contract/run/density';
import type { Run } from '../../../../../../main/contract/run/run';
import { say } from '../../../../../../main/contract/messages';
import { locales } from '../../../../../../main/contract/appearance';
import { bencher } from '../../../../../../main/engine/results/export/programs/bencher';
import { githubBenchmark } from '../../../../../../main/engine/results/export/programs/githubBenchmark';
import { go } from '../../../../../../main/engine/results/export/programs/go';
import { hyperfine } from '../../../../../../main/engine/results/export/programs/hyperfine';
import { junit } from '../../../../../../main/engine/results/export/programs/junit';
import { openmetrics } from '../../../../../../main/engine/results/export/programs/openmetrics';
import { summary } from '../../../../../../main/engine/results/export/markdown';
import { seededRandom } from '../../../../../../main/engine/results/statistics/random';
import { densityRun, quiet } from '../../../../../support/fakes/densityRun';
import { same } from '../../../../../support/fakes/exportedRun';
import { partsOfName, readGoBenchmarks } from '../../../../../support/readers/goBenchmarks';
import { readJunit } from '../../../../../support/readers/junit';
import { readOpenMetrics } from '../../../../../support/readers/openMetrics';
import { BencherMetrics, GithubBenchmarks, HyperfineResults } from '../../../../../support/readers/schemas';
import { simulatedLadders } from '../../../../../support/statistics/simulatedLadders';

const mebibyte = 1024 ** 2;
const better = {
  ...{ predicted: 'more', truth: 'more', promised: undefined },
  ...{ firstBytes: 'less', marginalBytes: 'less', marginalHostBytes: 'less' },
  ...{ residualBytes: undefined, keptBytes: undefined },
} as const;
type Figure = keyof typeof better;
const figures = Object.keys(better) as Figure[];
const targets = ['container', 'vm:direct'];

/** What the report's own tables say. */
function told(report: Report, target: string, figure: Figure): Cell {
  const table = report.tables.find(
    ({ id, columns }) =>
      ['density', 'density-costs'].includes(id) && columns.some((column) => column.id === figure),
  )!;
  const row = table.rows.find(([, of]) => of!.value === target)!;
  return row[table.columns.findIndex(({ id }) => id === figure)]!;
}
const content = (exporter: { files(run: Run, locale: 'en'): { content: string }[] }, run: Run): string =>
  exporter.files(run, 'en')[0]!.content;

/** Ladders as a machine may have made them, some without a figure, with a guard that stopped them or none. */
const Ladders = fc
  .record({
    count: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
    eachBytes: fc.integer({ min: mebibyte, max: 300 * mebibyte }),
    sharedBytes: fc.integer({ min: 0, max: 300 * mebibyte }),
    most: fc.integer({ min: 1, max: 16 }),
    kept: fc.boolean(),
    own: fc.boolean(),
    full: fc.boolean(),
  })
  .map(({ count, seed, eachBytes, sharedBytes, most, kept, own, full }): DensityLadder[] => {
    const truth = { eachBytes, sharedBytes, most, roomBytes: 7000 * mebibyte };
    return simulatedLadders(truth, quiet, count, seededRandom(seed)).map((ladder) => ({
      ...ladder,
      ...(kept && { keptBytes: eachBytes * (ladder.round + 1) }),
      ...(full && { ended: 'guard', guard: 'memory' }),
      steps: ladder.steps.map(({ hostBytes, ...step }) => (own ? { ...step, hostBytes: hostBytes! } : step)),
    }));
  });
const each = (property: (run: Run & { report: Report }) => void) =>
  fc.assert(
    fc.property(Ladders, Ladders, (container, vm) => {
      const { run, report } = densityRun({ container, vm });
      property({ ...run, report });
    }),
    { seed: 14, numRuns: 20 },
  );

describe('the figures of any ladders are the report’s, and there are none besides, in', () => {
  test('bencher', () =>
    each((run) => {
      const metrics = BencherMetrics.parse(JSON.parse(content(bencher, run)));
      for (const target of targets)
        for (const figure of figures) {
          const { value, interval } = told(run.report, target, figure);
          const measure = metrics[`web/${target}`]![`density.${figure}`];
          if (typeof value !== 'number' || !better[figure]) expect(measure, figure).toBeUndefined();
          else
            expect(measure, figure).toEqual({
              value,
              ...(interval && { lower_value: interval.low, upper_value: interval.high }),
            });
        }
    }));

  test('github-benchmark', () =>
    each((run) => {
      const entries = GithubBenchmarks.parse(JSON.parse(content(githubBenchmark, run)));
      const known = new Map(entries.map((entry) => [entry.name, entry]));
      expect(known.size).toBe(entries.length);
      for (const target of targets)
        for (const figure of figures) {
          const { value, interval } = told(run.report, target, figure);
          const entry = known.get(`web/${target} density.${figure}`);
          if (typeof value !== 'number' || better[figure] !== 'less') expect(entry, figure).toBeUndefined();
          else {
            expect(entry, figure).toMatchObject({ value, unit: 'bytes' });
            expect(entry!.range !== undefined).toBe(interval !== undefined);
            const count = run.density!.filter((ladder) => ladder.target === target).length;
            expect(entry!.extra).toBe(`From ${count} series, run ${run.id}`);
          }
        }
    }));

  test('openmetrics', () =>
    each((run) => {
      const families = new Map(
        readOpenMetrics(content(openmetrics, run)).map((family) => [family.name, family]),
      );
      const named = (figure: Figure, bound: string) => {
        const name = figure.replace('Bytes', '').replace('H', '_h');
        return `tare_density_${name}${bound}${figure.endsWith('Bytes') ? '_bytes' : ''}`;
      };
      for (const target of targets)
        for (const figure of figures) {
          const { value, interval } = told(run.report, target, figure);
          const of = (bound: string) =>
            families.get(named(figure, bound))?.samples.find(({ labels }) => labels.target === target)?.value;
          expect(of(''), figure).toBe(value ?? undefined);
          expect([of('_low'), of('_high')], figure).toEqual([interval?.low, interval?.high]);
        }
    }));

  test('junit', () =>
    each((run) => {
      const { properties } = readJunit(content(junit, run));
      const found = properties.filter(({ name }) => name.includes(' density.'));
      expect(new Set(found.map(({ suite }) => suite))).toEqual(new Set(['verdicts']));
      const expected = targets.flatMap((target) =>
        figures.flatMap((figure) => {
          const { value, interval } = told(run.report, target, figure);
          if (typeof value !== 'number') return [];
          const name = `web/${target} density.${figure}`;
          return [
            [name, value],
            ...(interval
              ? [
                  [`${name} low`, interval.low],
                  [`${name} high`, interval.high],
                ]
              : []),
          ];
        }),
      );
      expect(found.map(({ name, value }) => [name, Number(value)])).toEqual(expected);
    }));

  test('go, ladder by ladder: their mean is the report’s', () =>
    each((run) => {
      const { results, units } = readGoBenchmarks(content(go, run));
      for (const target of targets) {
        const lines = results.filter(
          ({ name }) => name.startsWith('BenchmarkDensity/') && partsOfName(name).target === target,
        );
        for (const figure of figures) {
          const unit = figure.endsWith('Bytes') ? `density.${figure.slice(0, -5)}-B` : `density.${figure}`;
          const values = lines.flatMap(({ values: all }) =>
            all.filter(([one]) => one === unit).map(([, value]) => Number(value)),
          );
          if (values.length > 0)
            expect(units[unit]?.better, unit).toBe(
              better[figure] && { less: 'lower', more: 'higher' }[better[figure]],
            );
          const { value } = told(run.report, target, figure);
          if (figure === 'truth' || figure === 'promised') expect(values).toEqual([]);
          // how many fit is no mean of the ladders', but where the mean of their lines reaches the mean of what there was
          else if (figure === 'predicted') expect(values.every((one) => one > 0)).toBe(true);
          else if (typeof value !== 'number') expect(values, unit).toEqual([]);
          else {
            const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
            expect(same(mean, value) || Math.abs(mean - value) < 1e-3, `${unit} ${mean} ${value}`).toBe(true);
          }
        }
      }
    }));
});

test('hyperfine keeps starts apart that began beside another number of instances', () => {
  const { run } = densityRun();
  const { results } = HyperfineResults.parse(JSON.parse(content(hyperfine, run)));
  expect(results).toHaveLength(2 * 8);
  for (const { parameters, times, command } of results) {
    expect(command).toBe(`web/${parameters.target!}/up=${parameters.up!}`);
    const starts = run.trials.filter(
      ({ target, upBefore }) => target === parameters.target && upBefore === Number(parameters.up),
    );
    expect(times).toEqual(starts.map(({ readyMs }) => expect.closeTo(readyMs! / 1000, 12) as number));
  }
});

test.each(locales)('the summary of a CI job has how many fit and what each takes (%s)', (locale) => {
  const { run, report } = densityRun();
  const text = summary.files({ ...run, report }, locale)[0]!.content;
  for (const id of ['density', 'density-costs'])
    expect(text).toContain(`### ${say(locale, report.tables.find((table) => table.id === id)!.title)}`);
  expect(text).toContain(String(told(report, 'container', 'predicted').value));
  expect(text).not.toMatch(/undefined|\[object/);
});
