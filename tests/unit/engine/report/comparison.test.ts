import { describe, expect, test } from 'vitest';
import { RunComparison } from '../../../../main/contract/report/comparison';
import { isMessageKey, say } from '../../../../main/contract/messages';
import type { Run, Trial } from '../../../../main/contract/run/run';
import { compareRuns } from '../../../../main/engine/report/comparison/comparison';
import { significance } from '../../../../main/engine/statistics/significance';
import { hostBytes, readyMs } from '../../../../main/contract/metrics';
import { fakeRun, type FakeRunOptions } from '../../../support/fakes/fakeRun';

/** A run of its own noise, whose trials may be changed. */
const runOf = (seed: number, change?: (trial: Trial) => void, more: FakeRunOptions = {}): Run =>
  fakeRun({ preset: 'startup', seed, ...(change && { change }), ...more });

const metric = (comparison: RunComparison, target: string, name: 'readyMs' | 'hostBytes') =>
  comparison.metrics.find((one) => one.target === target && one.metric === name)!;
const wordings = (comparison: RunComparison) =>
  (['en', 'zh-CN'] as const).flatMap((locale) => comparison.verdicts.map(({ text }) => say(locale, text)));

describe('a run against a baseline', () => {
  test('a container that starts 30 % later is a regression, and nothing else is', () => {
    const slower = runOf(2, (trial) => trial.target === 'container' && (trial.readyMs! *= 1.3));
    const comparison = compareRuns(runOf(1), slower);
    expect(comparison.regression).toBe(true);
    const row = metric(comparison, 'container', 'readyMs');
    expect(row.judgement).toBe('slower');
    expect(row.ratio).toBeCloseTo(1.3, 1);
    expect(row.interval!.low).toBeLessThan(1.3);
    expect(row.interval!.high).toBeGreaterThan(1.3);
    expect(comparison.metrics.filter(({ judgement }) => judgement !== 'cannot tell')).toEqual([row]);
  });

  test('the other way round it is an improvement and no regression', () => {
    const slower = runOf(2, (trial) => trial.target === 'container' && (trial.readyMs! *= 1.3));
    const comparison = compareRuns(slower, runOf(1));
    expect(comparison.regression).toBe(false);
    expect(metric(comparison, 'container', 'readyMs').judgement).toBe('faster');
    expect(wordings(comparison).join('\n')).toMatch(/ready 1\.\d+ × sooner than in the baseline/);
  });

  test('memory is judged like time', () => {
    const heavier = runOf(2, (trial) => trial.target === 'vm:direct' && (trial.memory.hostBytes! *= 1.2));
    const comparison = compareRuns(runOf(1), heavier);
    expect(metric(comparison, 'vm:direct', 'hostBytes').judgement).toBe('slower');
  });

  test('a run compared with itself shows no change, and says how large a change could have hidden', () => {
    const comparison = compareRuns(runOf(1), runOf(1));
    expect(comparison.regression).toBe(false);
    expect(comparison.metrics.map(({ ratio, judgement }) => [ratio, judgement])).toEqual(
      Array(4).fill([1, 'cannot tell']),
    );
    expect(comparison.differences).toEqual([]);
    expect(wordings(comparison).join('\n')).toMatch(/A change of up to [\d.]+ % could have stayed hidden/);
  });

  test('a certain change that is too small to matter is not told, unless it is asked for', () => {
    const trifle = runOf(1, (trial) => (trial.memory.hostBytes! *= 1.03));
    expect(compareRuns(runOf(1), trifle).regression).toBe(false);
    expect(compareRuns(runOf(1), trifle, 0.01).regression).toBe(true);
  });

  test('p-values are corrected over all metrics together', () => {
    const six = {
      plan: {
        workloads: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
          name,
          image: { kind: 'builtin' as const, name: 'web' as const },
          port: 8080,
          limits: { memoryBytes: 2 ** 29 },
        })),
      },
    };
    const [base, other] = [runOf(1, undefined, six), runOf(2, undefined, six)];
    const family = compareRuns(base, other).metrics;
    const uncorrected = family.map(({ workload, target, metric }) => {
      const read = (metric === 'readyMs' ? readyMs : hostBytes).read;
      const [before, after] = [base, other].map((run) =>
        run.trials
          .filter((trial) => trial.workload === workload && trial.target === target)
          .map((t) => read(t)!),
      );
      return significance(before!, after!)!;
    });
    expect(family).toHaveLength(24);
    expect(Math.min(...family.map(({ p }) => p!))).toBeCloseTo(
      Math.min(1, 24 * Math.min(...uncorrected)),
      12,
    );
    expect(family.every(({ p }, at) => p! >= uncorrected[at]! && p! <= 1)).toBe(true);
  });

  test(
    'over 200 comparisons of equal runs at most one in twenty claims anything',
    { timeout: 60_000 },
    () => {
      const few = { preset: 'quick', plan: { trials: 6 } };
      const claims = Array.from({ length: 200 }, (_, at) =>
        compareRuns(runOf(1000 + at, undefined, few), runOf(5000 + at, undefined, few)),
      ).filter(({ metrics }) => metrics.some(({ judgement }) => judgement !== 'cannot tell'));
      expect(claims.length).toBeLessThanOrEqual(10);
    },
  );
});

describe('what was not the same', () => {
  test('is listed, conditions before what was changed on purpose, and warned of', () => {
    const other = runOf(2);
    other.environment.host.kernel = '7.0.0';
    other.environment.images[0]!.digest = `sha256:${'6'.repeat(64)}`;
    other.plan.workloads[0]!.limits.memoryBytes *= 2;
    delete other.environment.engine;
    const comparison = compareRuns(runOf(1), other);
    expect(comparison.differences.map(({ what, kind }) => [what, kind])).toEqual([
      ['host.kernel', 'conditions'],
      ['engine', 'conditions'],
      ['engine.runtime', 'conditions'],
      ['engine.storageDriver', 'conditions'],
      ['engine.cgroupDriver', 'conditions'],
      ['workload.memory', 'conditions'],
      ['image', 'subject'],
    ]);
    expect(comparison.differences[0]).toMatchObject({ base: '6.12.41+deb13-amd64', other: '7.0.0' });
    expect(comparison.differences[1]).toMatchObject({ base: 'Docker 26.1.5', other: null });
    expect(comparison.differences[5]).toMatchObject({ of: 'web', base: '512 MiB', other: '1 GiB' });
    expect(comparison.verdicts[0]).toMatchObject({ id: 'conditions', standing: 'warning' });
    for (const { what } of comparison.differences) expect(isMessageKey(`condition.${what}`)).toBe(true);
  });

  test('a new image alone is no warning: it is what one compares', () => {
    const other = runOf(2);
    other.environment.images[0]!.digest = `sha256:${'6'.repeat(64)}`;
    expect(compareRuns(runOf(1), other).verdicts.some(({ standing }) => standing === 'warning')).toBe(false);
  });

  test('a few pages more or less of memory are the same computer', () => {
    const other = runOf(2);
    other.environment.host.memoryBytes! += 3 * 4096;
    expect(compareRuns(runOf(1), other).differences).toEqual([]);
  });
});

describe('what cannot be compared', () => {
  test('an emulated VM with an accelerated one: the rest still is', () => {
    const comparison = compareRuns(runOf(1), runOf(2, undefined, { accelerator: 'kvm' }));
    expect(comparison.metrics.map(({ target }) => target)).toEqual(['container', 'container']);
    expect(comparison.leftOut).toEqual([{ workload: 'web', target: 'vm:direct', why: 'accelerator' }]);
  });

  test('pairs that only one run has, and pairs without a good trial, are named', () => {
    const other = runOf(2, (trial) => trial.target === 'vm:direct' && (trial.outcome = 'failed'), {
      plan: { targets: ['container', 'vm:direct', 'container:crun'] },
    });
    expect(compareRuns(runOf(1), other).leftOut).toEqual([
      { workload: 'web', target: 'vm:direct', why: 'not-measured' },
      { workload: 'web', target: 'container:crun', why: 'only-in-other' },
    ]);
  });

  test('a single trial has no interval: nothing is claimed, whatever the ratio', () => {
    const one = { plan: { trials: 1 } };
    const tenfold = runOf(2, (trial) => (trial.readyMs! *= 10), one);
    const comparison = compareRuns(runOf(1, undefined, one), tenfold);
    expect(metric(comparison, 'container', 'readyMs').ratio).toBeGreaterThan(5);
    expect(comparison.regression).toBe(false);
    expect(comparison.verdicts.map(({ id }) => id)).toContain('undecided-wide');
  });

  test('two runs without anything in common are refused', () => {
    const other = runOf(2);
    other.trials = other.trials.map((trial) => ({ ...trial, workload: 'else' }));
    other.plan.workloads[0]!.name = 'else';
    expect(() => compareRuns(runOf(1), other)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'not-comparable' }) as unknown }),
    );
  });
});

test('a comparison survives JSON and its schema, and has no open facts in either language', () => {
  const slower = runOf(2, (trial) => (trial.readyMs! *= 1.5), { plan: { trials: 4 } });
  const comparison = compareRuns(runOf(1), slower);
  expect(RunComparison.parse(JSON.parse(JSON.stringify(comparison)))).toEqual(comparison);
  for (const words of wordings(comparison)) expect(words).not.toMatch(/\{\w+\}|undefined|verdict\./);
  for (const { columns, title } of comparison.tables)
    for (const { key } of [title, ...columns.map((column) => column.title)])
      expect(isMessageKey(key)).toBe(true);
});
