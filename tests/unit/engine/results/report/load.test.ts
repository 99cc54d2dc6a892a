/** Targets under the same load: what is told of each, and how they are held against each other. */
import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import type { LoadResult } from '../../../../../main/contract/run/load';
import type { Trial } from '../../../../../main/contract/run/run';
import { chartOf, rowsOf, verdictsOf } from '../../../../support/fakes/reports';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';

const result = (p50: number, lost = 0, answered = 2000): LoadResult => ({
  sent: answered,
  answered: answered - lost,
  failed: lost,
  withheld: 0,
  tookMs: 10_000,
  answeredPerSecond: (answered - lost) / 10,
  latencyMs: { p50, p90: 2 * p50, p99: 3 * p50, p999: 9 * p50, most: 20 * p50 },
  latenessMs: 0.1,
  cpuMsPerRequest: 0.4,
});

const reportOf = (load: (trial: Trial) => LoadResult, trials = 8) =>
  fakeReportedRun({
    accelerator: 'kvm',
    plan: { trials, load: { ratePerSecond: 200, seconds: 10 } },
    change: (trial) => (trial.load = load(trial)),
  }).report;
/** Verdicts that hold targets against each other. */
const comparedIn = (report: ReturnType<typeof reportOf>) =>
  verdictsOf(report, 'load-').filter(({ standing }) => standing !== 'note');
const wobble = ({ index, target }: Trial) => 1 + 0.01 * ((index * (target === 'container' ? 3 : 5)) % 8);

describe('under load', () => {
  test('requests without an answer are summed over trials: one bad trial of eight is told', () => {
    const report = reportOf((trial) =>
      result(1, trial.target === 'container' && trial.index === 2 ? 500 : 0),
    );
    const [container, vm] = rowsOf(report, 'load');
    expect(container).toMatchObject({ sent: 16_000, failed: 500 });
    expect(vm).toMatchObject({ sent: 16_000, failed: 0 });
    expect(verdictsOf(report, 'load web container')[0]).toMatchObject({
      standing: 'unclear',
      text: { key: 'verdict.load.short', facts: { failed: 500, sent: 16_000, share: { percent: 96.875 } } },
    });
    expect(verdictsOf(report, 'load web vm:direct')[0]!.text.key).toBe('verdict.load.ok');
  });

  test('latencies are not compared where one side left some out', () => {
    const report = reportOf((trial) => result(1, trial.target === 'container' && trial.index === 2 ? 1 : 0));
    expect(comparedIn(report)).toEqual([
      expect.objectContaining({ id: 'load-ratio web vm:direct', judgement: 'not-comparable' }),
    ]);
  });

  test('sides are judged like everything else, each with an interval', () => {
    const report = reportOf((trial) => result((trial.target === 'container' ? 1 : 1.5) * wobble(trial)));
    const told = comparedIn(report);
    expect(told.map(({ id, judgement }) => [id, judgement])).toEqual([
      ['load-p50 web vm:direct', 'differs'],
      ['load-p99 web vm:direct', 'differs'],
      ['load-cpu web vm:direct', 'same'],
    ]);
    const { low, ratio, high } = told[0]!.text.facts as Record<string, number>;
    expect(low).toBeLessThan(ratio!);
    expect(ratio).toBeLessThan(high!);
    for (const { text } of told)
      for (const locale of locales) expect(say(locale, text)).not.toMatch(/\{|verdict\./);
  });

  test('one trial each claims nothing', () => {
    const report = reportOf((trial) => result(trial.target === 'container' ? 1 : 9), 1);
    for (const { judgement, standing } of comparedIn(report))
      expect([judgement, standing]).toEqual(['cannot-tell', 'unclear']);
  });

  test('the slowest thousandth is told from 10,000 answers on', () => {
    const columns = (answered: number) =>
      Object.keys(
        rowsOf(
          reportOf((trial) => result(wobble(trial), 0, answered)),
          'load',
        )[0]!,
      );
    expect(columns(9_999)).not.toContain('p999Ms');
    expect(columns(10_000)).toContain('p999Ms');
    const bars = (answered: number) =>
      chartOf(
        reportOf((trial) => result(wobble(trial), 0, answered)),
        'load',
        'bars',
      ).bars[0]!.points!.length;
    expect([bars(9_999), bars(10_000)]).toEqual([16, 24]);
  });
});
