/** One run in every format for programs, read back by the rules of who reads it, and held against the record. */
import { describe, expect, it, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { explain } from '../../../../../main/contract/messages';
import { trialMetrics, type Metric } from '../../../../../main/contract/metrics';
import type { Cell } from '../../../../../main/contract/report/report';
import { verdictWords } from '../../../../../main/contract/report/verdicts';
import type { Trial } from '../../../../../main/contract/run/run';
import type { TextExporter } from '../../../../../main/engine/export/format';
import { shifted } from '../../../../../main/engine/export/figures';
import { bencher } from '../../../../../main/engine/export/programs/bencher';
import { githubBenchmark } from '../../../../../main/engine/export/programs/githubBenchmark';
import { go } from '../../../../../main/engine/export/programs/go';
import { hyperfine } from '../../../../../main/engine/export/programs/hyperfine';
import { junit } from '../../../../../main/engine/export/programs/junit';
import { openmetrics } from '../../../../../main/engine/export/programs/openmetrics';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';
import { partsOfName, readGoBenchmarks } from '../../../../support/readers/goBenchmarks';
import { readJunit } from '../../../../support/readers/junit';
import { readOpenMetrics } from '../../../../support/readers/openMetrics';
import { BencherMetrics, GithubBenchmarks, HyperfineResults } from '../../../../support/readers/schemas';

/** Figures of every kind, a trial that failed, and a pair of which none counts. */
const run = fakeReportedRun({
  preset: 'three-apps',
  plan: { trials: 7, targets: ['container', 'vm:direct', 'vm:micro'] },
  change: (trial) => {
    const share = 1 + trial.index / 97;
    trial.cpuMs = 0.1 * share;
    trial.load = {
      ...{ sent: 100, answered: 99, failed: 1, withheld: 0, tookMs: 1000, latenessMs: 0.02 },
      ...{ answeredPerSecond: 98.7 * share, cpuMsPerRequest: 1.1e-7 * share },
      latencyMs: { p50: 0.3 * share, p90: 0.7, p95: 0.8 * share, p99: 1.9 * share, most: 3 },
    };
    trial.lifecycle = { pauseMs: 7.7 * share, deletedHostBytes: -4096 * trial.index, missing: [] };
    const isLost = trial.target === 'vm:micro' && trial.workload === 'api';
    if (!isLost && (trial.index !== 3 || trial.target !== 'container')) return;
    trial.outcome = isLost ? 'timeout' : 'failed';
    if (!isLost) trial.failure = { code: 'kit-missing', folder: '/x' };
    delete trial.readyMs;
  },
});
const counted = run.trials.filter(({ outcome }) => outcome === 'ok');
const lost = run.trials.filter(({ outcome }) => outcome !== 'ok');
const measured = trialMetrics.filter(({ ofMeasuring }) => !ofMeasuring);
const pairs = [...new Set(run.trials.map(({ workload, target }) => `${workload}/${target}`))].map((name) => {
  const of = (trial: Trial) => `${trial.workload}/${trial.target}` === name;
  return { name, counted: counted.filter(of), lost: lost.filter(of).length };
});

const read = (exporter: TextExporter): string => exporter.files(run, 'en')[0]!.content;
/** A number that went through another unit and back has been rounded twice. */
const same = (value: number, as: number) => Math.abs(value - as) <= 2 * Number.EPSILON * Math.abs(as);
const middle = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
};
const valuesOf = (trials: readonly Trial[], { read }: Metric): number[] =>
  trials.map(read).filter((value) => value !== undefined);
/** What the report's own tables say of a metric; undefined of what none shows. */
function told(pair: string, { id, shown }: Metric): Cell | undefined {
  const [column, tables] = [shown?.column ?? id, shown ? [shown.table] : ['start-up']];
  const cells = run.report.tables
    .filter((table) => tables.includes(table.id as never))
    .flatMap(({ columns, rows }) =>
      rows
        .filter(([workload, target]) => `${workload!.value}/${target!.value}` === pair)
        .map((row) => row[columns.findIndex((one) => one.id === column)]),
    );
  return cells.find((cell) => cell !== undefined);
}
/** A figure of a pair: the median or the sum over the trials that count. */
const summed = (trials: readonly Trial[], metric: Metric): number | undefined => {
  const values = valuesOf(trials, metric);
  if (values.length === 0) return undefined;
  return metric.shown?.sum ? values.reduce((sum, value) => sum + value, 0) : middle(values);
};

describe('the run that is exported here', () => {
  it('has medians, intervals, sums, failures, and a pair of which no trial counts', () => {
    expect(lost.map(({ outcome }) => outcome)).toContain('timeout');
    expect(pairs.filter((pair) => pair.counted.length === 0)).toHaveLength(1);
    const shown = pairs.flatMap(({ name }) => measured.map((metric) => told(name, metric)));
    expect(shown.filter((cell) => cell?.interval).length).toBeGreaterThan(50);
  });

  it('is summed up here as in its own tables', () => {
    for (const pair of pairs)
      for (const metric of measured) {
        const cell = told(pair.name, metric);
        if (typeof cell?.value === 'number' && metric.id !== 'reservedBytes')
          expect(cell.value, `${pair.name} ${metric.id}`).toBe(summed(pair.counted, metric));
      }
  });
});

describe('go', () => {
  const { results, units, skipped } = readGoBenchmarks(read(go));
  const unitOf = ({ id, unit }: Metric) =>
    id === 'readyMs'
      ? 'ns/op'
      : unit === 'count'
        ? id
        : `${id.replace('Ms', '').replace('Bytes', '')}-${unit === 'ms' ? 'ns' : 'B'}`;

  it('has every figure of every trial that counts, and none besides', () => {
    expect(results).toHaveLength(counted.length);
    counted.forEach((trial, at) => {
      const { name, values } = results[at]!;
      expect(partsOfName(name)).toEqual({ workload: trial.workload, target: trial.target });
      const known = new Map(values);
      expect(known.size).toBe(values.length);
      for (const metric of measured) {
        const value = metric.read(trial);
        const text = known.get(unitOf(metric));
        if (value === undefined) expect(text, metric.id).toBeUndefined();
        else expect(same(shifted(Number(text), metric.unit === 'ms' ? -6 : 0), value), metric.id).toBe(true);
        known.delete(unitOf(metric));
      }
      const round = run.rounds.find(({ target, index }) => target === trial.target && index === trial.index)!;
      expect([...known]).toEqual([['round.hostChange-B', String(round.hostChangeBytes)]]);
    });
  });

  it('begins with the time to ready, which every reader of the format knows', () => {
    expect(new Set(results.map(({ values }) => values[0]![0]))).toEqual(new Set(['ns/op']));
  });

  it('says of each figure that can get better which way that is', () => {
    for (const metric of measured.filter((one) => counted.some((trial) => one.read(trial) !== undefined)))
      expect(units[unitOf(metric)]?.better).toBe(
        metric.better && { less: 'lower', more: 'higher' }[metric.better],
      );
    expect(units['load.answeredPerSecond']).toEqual({ better: 'higher' });
    expect(units['reserved-B']).toBeUndefined();
  });

  it('tells the machine in its configuration, and nothing that differs from run to run', () => {
    expect(results[0]!.config).toEqual({
      cpu: 'Intel Xeon (Sapphire Rapids)',
      'cpu-count': '2',
      os: 'Debian GNU/Linux 13 (trixie)',
      kernel: '6.12.41+deb13-amd64',
      engine: 'Docker 26.1.5',
      qemu: '10.0.13',
      accelerator: 'tcg',
    });
    expect(skipped[0]).toContain(run.id);
  });

  it('tells trials that do not count as go test does, with the reason', () => {
    const failed = skipped.filter((line) => line.startsWith('--- FAIL: BenchmarkStart/'));
    expect(failed.map((line) => partsOfName(line.replace('--- FAIL: ', '')))).toEqual(
      lost.map(({ workload, target }) => ({ workload, target })),
    );
    expect(skipped).toContain(`    ${explain('en', lost.find(({ failure }) => failure)!.failure!).what}`);
  });

  it('keeps starts apart that began beside another number of instances', () => {
    const ladder = structuredClone(run);
    for (const trial of ladder.trials) trial.upBefore = trial.index;
    const names = readGoBenchmarks(go.files(ladder, 'en')[0]!.content).results.map(({ name }) => name);
    expect(partsOfName(names[0]!)).toEqual({ up: '0', workload: 'web', target: 'container' });
    expect(new Set(names).size).toBeGreaterThan(pairs.length);
  });
});

describe('bencher', () => {
  const metrics = BencherMetrics.parse(JSON.parse(read(bencher)));

  it('has the figures that can get better or worse, with the report’s intervals', () => {
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(pairs.map(({ name }) => name)));
    for (const pair of pairs) {
      const { failedTrials, ...known } = metrics[pair.name]!;
      expect(failedTrials).toEqual({ value: pair.lost });
      for (const metric of measured) {
        const isLatency = metric.id === 'readyMs';
        const one = known[isLatency ? 'latency' : metric.id];
        const value = summed(pair.counted, metric);
        if (value === undefined || !metric.better) expect(one, metric.id).toBeUndefined();
        else {
          const places = isLatency ? -6 : 0;
          expect(same(shifted(one!.value, places), value), metric.id).toBe(true);
          const interval = told(pair.name, metric)?.interval;
          expect(one!.lower_value !== undefined, metric.id).toBe(interval !== undefined);
          if (!interval) continue;
          expect(same(shifted(one!.lower_value!, places), interval.low)).toBe(true);
          expect(same(shifted(one!.upper_value!, places), interval.high)).toBe(true);
        }
      }
    }
    expect(metrics['web/container']!.latency!.lower_value).toBeGreaterThan(1e6);
  });
});

describe('github-benchmark', () => {
  const entries = GithubBenchmarks.parse(JSON.parse(read(githubBenchmark)));

  it('has only what is better when it is less, in the units of the record', () => {
    const known = new Map(entries.map((entry) => [entry.name, entry]));
    expect(known.size).toBe(entries.length);
    for (const pair of pairs) {
      expect(known.get(`${pair.name} failedTrials`)?.value).toBe(pair.lost);
      for (const metric of measured) {
        const entry = known.get(`${pair.name} ${metric.id}`);
        const value = metric.better === 'less' ? summed(pair.counted, metric) : undefined;
        expect(entry?.value, metric.id).toBe(value);
        expect(entry?.unit).toBe(value === undefined ? undefined : metric.unit);
      }
    }
    expect(known.has('web/container load.answeredPerSecond')).toBe(false);
    expect(known.get('web/container hostBytes')!.range).toMatch(/^[\d.]+ – [\d.]+ MiB$/);
    expect(known.get('web/container hostBytes')!.extra).toBe(`Median of 6 trials, run ${run.id}`);
  });
});

describe('hyperfine', () => {
  const { results } = HyperfineResults.parse(JSON.parse(read(hyperfine)));

  it('has every time to ready in seconds, and what follows from them', () => {
    const some = pairs.filter((pair) => pair.counted.length > 0);
    expect(results.map(({ command }) => command).sort()).toEqual(some.map(({ name }) => name).sort());
    for (const result of results) {
      const pair = some.find(({ name }) => name === result.command)!;
      const ready = pair.counted.map(({ readyMs }) => readyMs!);
      result.times.forEach((time, at) => expect(same(shifted(time, 3), ready[at]!)).toBe(true));
      expect(result.times).toHaveLength(ready.length);
      expect(result.exit_codes).toHaveLength(ready.length);
      expect(result.memory_usage_byte).toEqual(pair.counted.map(({ memory }) => memory.hostBytes));
      const mean = ready.reduce((sum, one) => sum + one, 0) / ready.length;
      const deviation = Math.sqrt(
        ready.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (ready.length - 1),
      );
      expect(shifted(result.mean, 3)).toBeCloseTo(mean, 9);
      expect(shifted(result.stddev!, 3)).toBeCloseTo(deviation, 9);
      expect(shifted(result.median, 3)).toBeCloseTo(middle(ready), 9);
      expect([result.min, result.max]).toEqual([Math.min(...result.times), Math.max(...result.times)]);
      expect(result.parameters.failed).toBe(pair.lost > 0 ? String(pair.lost) : undefined);
    }
  });

  it('has no deviation of a single time', () => {
    const one = fakeReportedRun({ plan: { trials: 1 } });
    const alone = HyperfineResults.parse(JSON.parse(hyperfine.files(one, 'en')[0]!.content));
    expect(alone.results.map(({ stddev }) => stddev)).toEqual([null, null]);
  });
});

describe('openmetrics', () => {
  const families = new Map(readOpenMetrics(read(openmetrics)).map((family) => [family.name, family]));
  const nameOf = ({ id, unit }: Metric, bound = '') => {
    const words = id
      .replace('Ms', '')
      .replace('Bytes', '')
      .split(/[.-]|(?<=[a-z0-9])(?=[A-Z])/)
      .join('_')
      .toLowerCase();
    return `tare_${words}${bound}${{ ms: '_seconds', bytes: '_bytes', count: '' }[unit]}`;
  };
  const valueIn = (name: string, pair: string): number | undefined =>
    families.get(name)?.samples.find(({ labels }) => `${labels.workload}/${labels.target}` === pair)?.value;

  it('has every figure with the report’s interval, in seconds and bytes', () => {
    const names = measured.map((metric) => nameOf(metric));
    expect(new Set(names).size).toBe(names.length);
    for (const pair of pairs)
      for (const metric of measured) {
        const back = (bound?: string) => {
          const value = valueIn(nameOf(metric, bound), pair.name);
          return value === undefined ? undefined : metric.unit === 'ms' ? shifted(value, 3) : value;
        };
        const [value, interval] = [summed(pair.counted, metric), told(pair.name, metric)?.interval];
        for (const [is, as] of [
          [back(), value],
          [back('_low'), interval?.low],
          [back('_high'), interval?.high],
        ])
          if (as === undefined) expect(is, metric.id).toBeUndefined();
          else expect(same(is!, as), metric.id).toBe(true);
      }
    expect(valueIn('tare_ready_seconds', 'web/container')).toBeGreaterThan(0.1);
  });

  it('counts trials by how they ended', () => {
    const of = (outcome: string) =>
      families
        .get('tare_trials')!
        .samples.filter(({ labels }) => labels.outcome === outcome)
        .reduce((sum, { value }) => sum + value, 0);
    expect(['ok', 'failed', 'timeout', 'stopped'].map(of)).toEqual([
      counted.length,
      lost.filter(({ outcome }) => outcome === 'failed').length,
      lost.filter(({ outcome }) => outcome === 'timeout').length,
      0,
    ]);
  });

  it('names the run and its machine', () => {
    expect(families.get('tare_run_info')!.samples).toEqual([
      {
        labels: expect.objectContaining({ run: run.id, accelerator: 'tcg', cpu_count: '2' }) as unknown,
        value: 1,
      },
    ]);
    expect(families.get('tare_run_start_time_seconds')!.samples[0]!.value).toBe(
      Date.parse(run.startedAt) / 1000,
    );
  });

  it.each(locales)('explains each family in words that both text formats take (%s)', (locale) => {
    for (const { help } of readOpenMetrics(openmetrics.files(run, locale)[0]!.content))
      expect(help).toMatch(/^[^"\\{}]+[.。]$/);
  });
});

describe('junit', () => {
  const { cases } = readJunit(read(junit));
  const of = (suite: string) => cases.filter((one) => one.suite === suite);

  it('has a case for each verdict, and says what cannot be told', () => {
    const { verdicts } = run.report;
    expect(of('verdicts').map(({ name }) => name)).toEqual(verdicts.map(({ id }) => id));
    of('verdicts').forEach(({ says, out }, at) => {
      const verdict = verdicts[at]!;
      expect(out!.split('\n')[0]).toBe(verdictWords('en', verdict));
      expect(says?.as).toBe(verdict.standing === 'unclear' ? 'skipped' : undefined);
    });
  });

  it('has a case for each trial, its time the time to ready, and errors of those that do not count', () => {
    expect(of('trials').map(({ name }) => name)).toEqual(run.trials.map(({ id }) => id));
    of('trials').forEach(({ time, says }, at) => {
      const { readyMs, outcome, failure } = run.trials[at]!;
      if (readyMs === undefined) expect(time).toBeUndefined();
      else expect(same(shifted(Number(time), 3), readyMs)).toBe(true);
      expect(says?.as).toBe(outcome === 'ok' ? undefined : 'error');
      if (says) expect(says.type).toBe(failure?.code ?? outcome);
    });
  });

  it('makes a failure of what takes more in B than in A, and an error of a run that ended early', () => {
    const ab = structuredClone(run);
    ab.report.verdicts[0]!.worse = true;
    ab.failure = { code: 'budget-spent', budgetMs: 5000 };
    const told = readJunit(junit.files(ab, 'en')[0]!.content).cases.filter(
      ({ says }) => says?.as !== 'skipped',
    );
    expect(told[0]!.says).toMatchObject({
      as: 'failure',
      message: verdictWords('en', ab.report.verdicts[0]!),
    });
    expect(told.find(({ name }) => name === ab.id)!.says!.message).toBe(explain('en', ab.failure).what);
  });
});

test('what is shifted has been rounded once', () => {
  expect([shifted(412.123456789, 6), shifted(1.1e-7, 6), shifted(-0.3, -3), shifted(0, 6)]).toEqual([
    412123456.789, 0.11, -0.0003, 0,
  ]);
});
