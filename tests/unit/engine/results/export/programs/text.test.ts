import { describe, expect, it } from 'vitest';
import { locales } from '../../../../../../main/contract/appearance';
import { explain } from '../../../../../../main/contract/messages';
import type { Metric } from '../../../../../../main/contract/metrics';
import { verdictWords } from '../../../../../../main/contract/report/verdicts';
import { shifted } from '../../../../../../main/engine/results/export/figures';
import { junit } from '../../../../../../main/engine/results/export/programs/junit';
import { openmetrics } from '../../../../../../main/engine/results/export/programs/openmetrics';
import {
  counted,
  lost,
  measured,
  pairs,
  run,
  same,
  summed,
  told,
  written,
} from '../../../../../support/fakes/exportedRun';
import { readJunit } from '../../../../../support/readers/junit';
import { readOpenMetrics } from '../../../../../support/readers/openMetrics';

describe('openmetrics', () => {
  const families = new Map(readOpenMetrics(written(openmetrics)).map((family) => [family.name, family]));
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
  const { cases } = readJunit(written(junit));
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
