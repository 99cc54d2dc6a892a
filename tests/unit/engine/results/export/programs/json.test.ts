import { describe, expect, it } from 'vitest';
import { shifted } from '../../../../../../main/engine/results/export/figures';
import { bencher } from '../../../../../../main/engine/results/export/programs/bencher';
import { githubBenchmark } from '../../../../../../main/engine/results/export/programs/githubBenchmark';
import { hyperfine } from '../../../../../../main/engine/results/export/programs/hyperfine';
import {
  measured,
  middle,
  pairs,
  run,
  same,
  summed,
  told,
  written,
} from '../../../../../support/fakes/exportedRun';
import { fakeReportedRun } from '../../../../../support/fakes/fakeRun';
import { BencherMetrics, GithubBenchmarks, HyperfineResults } from '../../../../../support/readers/schemas';

describe('bencher', () => {
  const metrics = BencherMetrics.parse(JSON.parse(written(bencher)));

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
  const entries = GithubBenchmarks.parse(JSON.parse(written(githubBenchmark)));

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
    expect(known.get('web/container load.unanswered')!.extra).toBe(`Sum of 6 trials, run ${run.id}`);
  });
});

describe('hyperfine', () => {
  const { results } = HyperfineResults.parse(JSON.parse(written(hyperfine)));

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
