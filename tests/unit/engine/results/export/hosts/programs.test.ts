/** A run on several hosts in formats for programs: of each host what its run alone says, with the host beside it, and nothing besides. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locales, type Locale } from '../../../../../../main/contract/appearance';
import type { FleetHost } from '../../../../../../main/contract/fleet/fleet';
import { explain } from '../../../../../../main/contract/messages';
import { verdictWords } from '../../../../../../main/contract/report/verdicts';
import type { ReportedRecord } from '../../../../../../main/engine/results/report/reported';
import type { TextExporter } from '../../../../../../main/engine/results/export/format';
import { bencher } from '../../../../../../main/engine/results/export/programs/bencher';
import { githubBenchmark } from '../../../../../../main/engine/results/export/programs/githubBenchmark';
import { go } from '../../../../../../main/engine/results/export/programs/go';
import { hyperfine } from '../../../../../../main/engine/results/export/programs/hyperfine';
import { junit } from '../../../../../../main/engine/results/export/programs/junit';
import { openmetrics } from '../../../../../../main/engine/results/export/programs/openmetrics';
import type { Run } from '../../../../../../main/contract/run/run';
import {
  reportedFleet,
  type ReportedFleet,
} from '../../../../../../main/engine/results/report/hosts/reported';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../../support/fakes/hostRuns';
import { readGoBenchmarks } from '../../../../../support/readers/goBenchmarks';
import { readJunit } from '../../../../../support/readers/junit';
import { readOpenMetrics } from '../../../../../support/readers/openMetrics';
import { BencherMetrics, GithubBenchmarks, HyperfineResults } from '../../../../../support/readers/schemas';

const said = (format: TextExporter<ReportedRecord>, of: ReportedRecord, locale: Locale = 'en') =>
  format.files(of, locale)[0]!.content;

/** Of which some have no QEMU to tell of, a trial that failed, or gave nothing. */
const anyHost = (name: string): fc.Arbitrary<FleetHost> =>
  fc.oneof(
    { arbitrary: fc.constant(lostHost(name)), weight: 1 },
    {
      arbitrary: fc
        .record({ seed: fc.nat(1000), isEmulated: fc.boolean(), hasQemu: fc.boolean(), fails: fc.boolean() })
        .map(({ seed, isEmulated, hasQemu, fails }) => {
          const run = runOnHost(seed, { accelerator: isEmulated ? 'tcg' : 'kvm' });
          if (!hasQemu) delete run.environment.qemu;
          if (fails)
            Object.assign(run.trials[0]!, {
              outcome: 'failed',
              failure: { code: 'docker-refused', operation: 'start', status: 500, reason: name },
            });
          return okHost(name, run);
        }),
      weight: 4,
    },
  );

interface Ran {
  name: string;
  run: Run;
}

const each = (property: (fleet: ReportedFleet, ran: Ran[]) => void) =>
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => anyHost(`bench-${at}`)))),
      (hosts) =>
        property(
          reportedFleet(fleetOf(hosts)),
          hosts.flatMap(({ name, run }) => (run ? [{ name, run }] : [])),
        ),
    ),
    { seed: 15, numRuns: 25 },
  );

describe('each host has its own figures', () => {
  test('bencher', () =>
    each((fleet, ran) => {
      const expected = ran.flatMap(({ name, run }) =>
        Object.entries(BencherMetrics.parse(JSON.parse(said(bencher, run)))).map(([pair, measures]) => [
          `${name}/${pair}`,
          measures,
        ]),
      );
      expect(BencherMetrics.parse(JSON.parse(said(bencher, fleet)))).toEqual(Object.fromEntries(expected));
    }));

  test('github-benchmark', () =>
    each((fleet, ran) => {
      const expected = ran.flatMap(({ name, run }) =>
        GithubBenchmarks.parse(JSON.parse(said(githubBenchmark, run))).map((entry) => ({
          ...entry,
          name: `${name}/${entry.name}`,
          ...(entry.extra !== undefined && { extra: entry.extra.replace(run.id, fleet.id) }),
        })),
      );
      expect(GithubBenchmarks.parse(JSON.parse(said(githubBenchmark, fleet)))).toEqual(expected);
    }));

  test('hyperfine', () =>
    each((fleet, ran) => {
      const expected = ran.flatMap(({ name, run }) =>
        HyperfineResults.parse(JSON.parse(said(hyperfine, run))).results.map((result) => ({
          ...result,
          command: `${name}/${result.command}`,
          parameters: { host: name, ...result.parameters },
        })),
      );
      expect(HyperfineResults.parse(JSON.parse(said(hyperfine, fleet))).results).toEqual(expected);
    }));

  test('go: with the configuration of its own machine, whatever the one before has', () =>
    each((fleet, ran) => {
      const alone = ran.map(({ name, run }) => ({ name, ...readGoBenchmarks(said(go, run)) }));
      const together = readGoBenchmarks(said(go, fleet));
      expect(together.results).toEqual(
        alone.flatMap(({ name, results }) =>
          results.map(({ config, ...result }) => ({ ...result, config: { host: name, ...config } })),
        ),
      );
      expect(together.units).toEqual(Object.assign({}, ...alone.map(({ units }) => units)));
    }));

  test('openmetrics: with its host as a label', () =>
    each((fleet, ran) => {
      const together = new Map(readOpenMetrics(said(openmetrics, fleet)).map((one) => [one.name, one]));
      const counts = new Map<string, number>();
      for (const { name: host, run } of ran)
        for (const { name, unit, samples } of readOpenMetrics(said(openmetrics, run))) {
          const family = together.get(name);
          expect(family?.unit).toBe(unit);
          counts.set(name, (counts.get(name) ?? 0) + samples.length);
          for (const { labels, value } of samples)
            expect(family!.samples).toContainEqual({
              labels: { ...labels, host, ...(labels.run !== undefined && { run: fleet.id }) },
              value,
            });
        }
      const ofHostsAlone = [
        'tare_host_ok',
        'tare_hosts_ratio',
        'tare_hosts_ratio_low',
        'tare_hosts_ratio_high',
      ];
      const others = [...together.values()].filter(({ name }) => !ofHostsAlone.includes(name));
      expect(new Map(others.map(({ name, samples }) => [name, samples.length]))).toEqual(counts);
    }));

  test('junit: a suite for each, with its trials', () =>
    each((fleet, ran) => {
      const { cases } = readJunit(said(junit, fleet));
      for (const { name, run } of ran) {
        const alone = readJunit(said(junit, run)).cases.filter(({ suite }) => suite === 'trials');
        const here = cases.filter(({ suite }) => suite === name);
        for (const one of alone)
          expect(here).toContainEqual({ ...one, suite: name, classname: `${name}/${one.classname}` });
      }
    }));
});

const fleet = reportedFleet(
  fleetOf([...[1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed))), lostHost('bench-4')]),
);

describe('junit', () => {
  const { cases } = readJunit(said(junit, fleet));
  const of = (suite: string) => cases.filter((one) => one.suite === suite);

  test.each(locales)('makes an error of a host that gave no run, with the reason (%s)', (locale) => {
    const { cases: all } = readJunit(said(junit, fleet, locale));
    const errors = all.filter(({ suite, says }) => suite.startsWith('bench-') && says?.as === 'error');
    const { failure } = fleet.hosts[3]!;
    expect(errors).toEqual([
      {
        ...{ suite: 'bench-4', name: 'run', classname: 'bench-4' },
        says: { as: 'error', message: explain(locale, failure!).what, type: 'docker-unreachable' },
      },
    ]);
    expect(of('bench-1')[0]).toEqual({ suite: 'bench-1', name: 'run', classname: 'bench-1' });
  });

  test('has what all hosts say together, and each ratio on each host, skipped where it can tell nothing', () => {
    expect(of('verdicts').map(({ out }) => out!.split('\n')[0])).toEqual(
      fleet.report.verdicts.map((verdict) => verdictWords('en', verdict)),
    );
    for (const { metric, other, hosts } of fleet.report.comparisons)
      for (const { host, judgement } of hosts) {
        const ratios = of(host).filter(({ classname }) => classname === `${host}/${metric}`);
        const one = ratios.find(({ name }) => name.startsWith(`${other.workload ?? other.target} / `));
        expect(one?.out).toMatch(/^[\d.,]+ × .*: /);
        const isTold = judgement === 'differs' || judgement === 'same';
        expect(one?.says?.as).toBe(isTold ? undefined : 'skipped');
      }
  });

  test('says why it ended early, as of a run', () => {
    const stopped = { ...fleet, failure: { code: 'stopped' as const } };
    const found = readJunit(said(junit, stopped)).cases.find(({ name }) => name === fleet.id);
    expect(found?.says).toMatchObject({ as: 'error', type: 'stopped' });
  });
});

describe('openmetrics', () => {
  const families = new Map(readOpenMetrics(said(openmetrics, fleet)).map((one) => [one.name, one.samples]));

  test('tells which hosts gave a run', () => {
    expect(families.get('tare_host_ok')).toEqual(
      [1, 1, 1, 0].map((value, at) => ({ labels: { host: `bench-${at + 1}` }, value })),
    );
  });

  test('has the mean of hosts with its interval, as the report has it', () => {
    const [memory] = fleet.report.comparisons;
    const { ratio, interval } = memory!.pooled!;
    const labels = { metric: 'memory', base: memory!.base.target, other: memory!.other.target };
    expect(families.get('tare_hosts_ratio')).toContainEqual({ labels, value: ratio });
    expect(families.get('tare_hosts_ratio_low')).toContainEqual({ labels, value: interval.low });
    expect(families.get('tare_hosts_ratio_high')).toContainEqual({ labels, value: interval.high });
  });

  test.each(locales)('explains each family in words that both text formats take (%s)', (locale) => {
    for (const { help } of readOpenMetrics(said(openmetrics, fleet, locale)))
      expect(help).toMatch(/^[^"\\{}]+[.。]$/);
  });
});

test('go tells beside its figures which host gave none, and why', () => {
  const { skipped } = readGoBenchmarks(said(go, fleet));
  expect(skipped.some((line) => line.startsWith('# bench-4: '))).toBe(true);
});
