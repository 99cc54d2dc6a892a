import { describe, expect, test } from 'vitest';
import { RunComparison } from '../../../../../main/contract/report/comparison';
import { isMessageKey, say } from '../../../../../main/contract/messages';
import type { Run, Trial } from '../../../../../main/contract/run/run';
import { compareRuns } from '../../../../../main/engine/results/report/comparison/comparison';
import { conditions } from '../../../../../main/engine/results/report/comparison/conditions';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { fakeRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { normalDraw } from '../../../../support/statistics/normalDraw';

/** A run of its own noise, whose trials may be changed. */
const runOf = (seed: number, change?: (trial: Trial) => void, more: FakeRunOptions = {}): Run =>
  fakeRun({ preset: 'startup', seed, ...(change && { change }), ...more });

const metric = (comparison: RunComparison, target: string, name: 'readyMs' | 'hostBytes') =>
  comparison.metrics.find((one) => one.target === target && one.metric === name)!;
const wordings = (comparison: RunComparison) =>
  (['en', 'zh-CN'] as const).flatMap((locale) => comparison.verdicts.map(({ text }) => say(locale, text)));

/** Several runs of the same, which differ by so much from one to the next. */
const runsOf = (seed: number, count: number, spread = 0.01, change?: (trial: Trial) => void): Run[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const factor = Math.exp(spread * normalDraw(random));
    const run = runOf(seed * 100 + at, (trial) => {
      change?.(trial);
      if (trial.readyMs !== undefined) trial.readyMs *= factor;
      if (trial.memory.hostBytes !== undefined) trial.memory.hostBytes *= factor;
    });
    return { ...run, id: `20260801-12${String(seed).padStart(2, '0')}${String(at).padStart(2, '0')}-0001` };
  });
};
const slowContainer = (trial: Trial) => trial.target === 'container' && (trial.readyMs! *= 1.3);
const outcomes = ({ metrics }: RunComparison) => metrics.map(({ outcome }) => outcome);

describe('repeated runs against a baseline', () => {
  test('a container that starts 30 % later is a regression, and nothing else is', () => {
    const comparison = compareRuns(runsOf(1, 4), runsOf(2, 4, 0.01, slowContainer));
    expect(comparison).toMatchObject({ repeated: true, regression: true });
    const row = metric(comparison, 'container', 'readyMs');
    expect(row).toMatchObject({ outcome: 'more', base: { runs: 4, n: 40 }, other: { runs: 4, n: 40 } });
    expect(row.ratio).toBeCloseTo(1.3, 1);
    expect(row.interval!.low).toBeLessThan(1.3);
    expect(row.interval!.high).toBeGreaterThan(1.3);
    expect(comparison.metrics.filter(({ outcome }) => outcome === 'more')).toEqual([row]);
  });

  test('the other way round it is an improvement and no regression', () => {
    const comparison = compareRuns(runsOf(2, 4, 0.01, slowContainer), runsOf(1, 4));
    expect(comparison.regression).toBe(false);
    expect(metric(comparison, 'container', 'readyMs').outcome).toBe('less');
    expect(wordings(comparison).join('\n')).toMatch(/ready 1\.\d+ × sooner than in the baseline/);
  });

  test('memory is judged like time', () => {
    const heavier = runsOf(2, 4, 0.01, (t) => t.target === 'vm:direct' && (t.memory.hostBytes! *= 1.2));
    expect(metric(compareRuns(runsOf(1, 4), heavier), 'vm:direct', 'hostBytes').outcome).toBe('more');
  });

  test('the same runs on both sides differ in nothing', () => {
    const comparison = compareRuns(runsOf(1, 6, 0.002), runsOf(1, 6, 0.002));
    expect(comparison.metrics.map(({ ratio }) => ratio)).toEqual([1, 1, 1, 1]);
    expect(outcomes(comparison)).not.toContain('more');
    expect(outcomes(comparison)).not.toContain('less');
    expect(comparison.differences).toEqual([]);
  });

  test('what cannot be told says which change would have been seen', () => {
    const comparison = compareRuns(runsOf(1, 3, 0.1), runsOf(2, 3, 0.1));
    expect(outcomes(comparison)).toContain('unknown');
    expect(wordings(comparison).join('\n')).toMatch(/A change of [\d.,]+ (%|×) would have been seen/);
  });

  test('a certain change that is too small to matter is not told, unless it is asked for', () => {
    const [base, other] = [
      runsOf(1, 6, 0.001),
      runsOf(1, 6, 0.001, (trial) => (trial.memory.hostBytes! *= 1.03)),
    ];
    expect(compareRuns(base, other).regression).toBe(false);
    expect(compareRuns(base, other, 0.01).regression).toBe(true);
  });

  test(
    'what runs have in common and trials do not say is no change: 200 comparisons, 5 % from run to run',
    { timeout: 60_000 },
    () => {
      const few = { preset: 'quick', plan: { trials: 3 } };
      const claims = Array.from({ length: 200 }, (_, at) => {
        const random = seededRandom(at);
        const run = (seed: number) => {
          const factor = Math.exp(0.05 * normalDraw(random));
          return runOf(seed, (trial) => trial.readyMs && (trial.readyMs *= factor), few);
        };
        const side = (seed: number) => [0, 1, 2, 3].map((one) => run(seed + one));
        return compareRuns(side(1000 + 10 * at), side(50_000 + 10 * at));
      }).filter(({ metrics }) => metrics.some(({ outcome }) => outcome === 'more' || outcome === 'less'));
      expect(claims.length).toBeLessThanOrEqual(10);
    },
  );
});

describe('single runs', () => {
  test('call nothing, however large the change: it may be the machine’s', () => {
    const comparison = compareRuns([runOf(1)], [runOf(2, (trial) => (trial.readyMs! *= 3))]);
    expect(comparison).toMatchObject({ repeated: false, regression: false });
    expect(outcomes(comparison)).toEqual(Array(4).fill('unknown'));
    const row = metric(comparison, 'container', 'readyMs');
    expect(row.interval!.low).toBeGreaterThan(2); // what varies within a run, for orientation
    expect(row).not.toHaveProperty('p');
    expect(comparison.verdicts[0]).toMatchObject({ id: 'single', standing: 'unclear' });
  });

  test('against several are no better: nothing tells how far two of it would differ', () => {
    const comparison = compareRuns(runsOf(1, 5), [runOf(2, (trial) => (trial.readyMs! *= 3))]);
    expect(comparison).toMatchObject({ repeated: false, regression: false });
    expect(metric(comparison, 'container', 'readyMs')).not.toHaveProperty('interval');
    expect(comparison.verdicts[0]).toMatchObject({ id: 'one-sided' });
  });
});

describe('conditions', () => {
  const changed = (change: (run: Run) => void) => {
    const others = runsOf(2, 4, 0.01, (trial) => (trial.readyMs! *= 2));
    others.forEach(change);
    return compareRuns(runsOf(1, 4), others);
  };
  const of = (comparison: RunComparison, target: string, name: 'readyMs' | 'hostBytes') =>
    metric(comparison, target, name);

  test('that differ and move a figure make it not comparable, and are named', () => {
    const comparison = changed(({ environment }) => (environment.host.kernel = '7.0.0'));
    expect(outcomes(comparison)).toEqual(Array(4).fill('not-comparable'));
    expect(comparison.regression).toBe(false);
    expect(of(comparison, 'container', 'readyMs').because).toEqual(['host.kernel']);
    expect(wordings(comparison).join('\n')).toMatch(
      /Not comparable in 4 figures: host kernel was 6\.12\.41\+deb13-amd64, then 7\.0\.0/,
    );
  });

  test('of one kind of target, or of time alone, leave the rest comparable', () => {
    const qemu = changed(({ environment }) => (environment.qemu!.version = '99'));
    expect(of(qemu, 'vm:direct', 'hostBytes').outcome).toBe('not-comparable');
    expect(of(qemu, 'container', 'readyMs').outcome).toBe('more');
    const governor = changed(({ environment }) => (environment.host.governor = 'powersave'));
    expect(of(governor, 'container', 'readyMs').outcome).toBe('not-comparable');
    expect(of(governor, 'container', 'hostBytes').outcome).not.toBe('not-comparable');
  });

  test('that differ among the runs of one side count too', () => {
    const others = runsOf(2, 4);
    others[2]!.environment.host.ksm = true;
    const comparison = compareRuns(runsOf(1, 4), others);
    expect(of(comparison, 'container', 'hostBytes').outcome).toBe('not-comparable');
    expect(comparison.differences).toMatchObject([{ what: 'host.ksm' }]);
  });

  test('of a workload bear on it alone', () => {
    const comparison = changed(({ plan }) => (plan.workloads[0]!.limits.cpus = 2));
    expect(of(comparison, 'container', 'readyMs').because).toEqual(['workload.cpus']);
  });

  test('containers that run besides make memory not comparable, so that ending them fails no gate', () => {
    const [before, after] = [runsOf(1, 4), runsOf(2, 4, 0.01, (trial) => (trial.memory.hostBytes! *= 1.34))];
    for (const { environment } of before) environment.host.containers = 6;
    for (const { environment } of after) environment.host.containers = 0;
    const comparison = compareRuns(before, after);
    expect(of(comparison, 'container', 'hostBytes')).toMatchObject({
      outcome: 'not-comparable',
      because: ['host.containers'],
    });
    expect(comparison.regression).toBe(false);
  });

  test.each(conditions)('$what has words', ({ what }) => {
    expect(isMessageKey(`condition.${what}`)).toBe(true);
  });
});

describe('what was not the same', () => {
  test('is listed, conditions before what was changed on purpose, and warned of', () => {
    const other = runOf(2);
    other.environment.host.kernel = '7.0.0';
    other.environment.images[0]!.digest = `sha256:${'6'.repeat(64)}`;
    other.plan.workloads[0]!.limits.memoryBytes *= 2;
    delete other.environment.engine;
    const comparison = compareRuns([runOf(1)], [other]);
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
    expect(compareRuns([runOf(1)], [other]).verdicts.some(({ standing }) => standing === 'warning')).toBe(
      false,
    );
  });

  test('an image that only has another digest, by another store, is the same image, and said to be', () => {
    const other = runOf(2);
    other.environment.images[0]!.digest = `sha256:${'6'.repeat(64)}`;
    const base = runOf(1);
    for (const { environment } of [base, other]) environment.images[0]!.fingerprint = 'f'.repeat(64);
    const comparison = compareRuns([base], [other]);
    expect(comparison.differences).toEqual([]);
    expect(comparison.sameImages).toEqual(['web']);
    expect(comparison.verdicts.find(({ id }) => id === 'same-image')).toMatchObject({ standing: 'note' });
    other.environment.images[0]!.fingerprint = 'e'.repeat(64);
    const changed = compareRuns([base], [other]);
    expect(changed.differences.map(({ what }) => what)).toEqual(['image']);
    expect(changed).not.toHaveProperty('sameImages');
    delete other.environment.images[0]!.fingerprint; // recorded by an older Tare
    expect(compareRuns([base], [other]).differences.map(({ what }) => what)).toEqual(['image']);
  });

  test('other variables are told by their names, other values by their number alone', () => {
    const given = (seed: number, names: string[], fingerprint?: string, key = 'here'): Run => {
      const run = runOf(seed);
      run.plan.workloads[0]!.environment = Object.fromEntries(names.map((name) => [name, null]));
      if (fingerprint !== undefined) run.environment.given = [{ workload: 'web', key, fingerprint }];
      return run;
    };
    const told = (base: Run, other: Run) =>
      compareRuns([base], [other]).differences.map((one) => [one.what, one.base, one.other]);
    expect(told(given(1, ['B', 'A'], 'f1'), given(2, ['A', 'B'], 'f1'))).toEqual([]);
    expect(told(given(1, ['A'], 'f1'), given(2, ['A'], 'f2'))).toEqual([
      ['workload.environment', 'A #1', 'A #2'],
    ]);
    expect(told(given(1, []), given(2, ['A'], 'f2'))).toEqual([['workload.environment', '', 'A']]);
    // another installation's fingerprint tells nothing here
    expect(told(given(1, ['A'], 'f1'), given(2, ['A'], 'f2', 'elsewhere'))).toEqual([]);
  });

  test('values in a record of an earlier version are compared, and not shown', () => {
    const [base, other] = [runOf(1), runOf(2)];
    base.plan.workloads[0]!.environment = { A: 'hush' };
    other.plan.workloads[0]!.environment = { A: 'other' };
    const { differences } = compareRuns([base], [other]);
    expect(differences).toMatchObject([{ what: 'workload.environment', base: 'A #1', other: 'A #2' }]);
    other.plan.workloads[0]!.environment = { A: 'hush' };
    expect(compareRuns([base], [other]).differences).toEqual([]);
  });

  test('a few pages more or less of memory are the same computer', () => {
    const other = runOf(2);
    other.environment.host.memoryBytes! += 3 * 4096;
    expect(compareRuns([runOf(1)], [other]).differences).toEqual([]);
  });
});

describe('what cannot be compared', () => {
  test('an emulated VM with an accelerated one: the rest still is', () => {
    const comparison = compareRuns([runOf(1)], [runOf(2, undefined, { accelerator: 'kvm' })]);
    expect(comparison.metrics.map(({ target }) => target)).toEqual(['container', 'container']);
    expect(comparison.leftOut).toEqual([{ workload: 'web', target: 'vm:direct', why: 'accelerator' }]);
  });

  test('pairs that only one run has, and pairs without a good trial, are named', () => {
    const other = runOf(2, (trial) => trial.target === 'vm:direct' && (trial.outcome = 'failed'), {
      plan: { targets: ['container', 'vm:direct', 'container:crun'] },
    });
    expect(compareRuns([runOf(1)], [other]).leftOut).toEqual([
      { workload: 'web', target: 'vm:direct', why: 'not-measured' },
      { workload: 'web', target: 'container:crun', why: 'only-in-other' },
    ]);
  });

  test('a single trial has no interval: nothing is claimed, whatever the ratio', () => {
    const one = { plan: { trials: 1 } };
    const tenfold = runOf(2, (trial) => (trial.readyMs! *= 10), one);
    const comparison = compareRuns([runOf(1, undefined, one)], [tenfold]);
    expect(metric(comparison, 'container', 'readyMs').ratio).toBeGreaterThan(5);
    expect(metric(comparison, 'container', 'readyMs')).not.toHaveProperty('interval');
    expect(comparison.regression).toBe(false);
  });

  test('two runs without anything in common are refused', () => {
    const other = runOf(2);
    other.trials = other.trials.map((trial) => ({ ...trial, workload: 'else' }));
    other.plan.workloads[0]!.name = 'else';
    expect(() => compareRuns([runOf(1)], [other])).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'not-comparable' }) as unknown }),
    );
  });
});

test.each([
  ['repeated runs', () => compareRuns(runsOf(1, 3), runsOf(2, 3, 0.01, slowContainer))],
  ['single runs', () => compareRuns([runOf(1)], [runOf(2, undefined, { plan: { trials: 4 } })])],
])('a comparison of %s survives JSON and its schema, and has no open facts in either language', (_, make) => {
  const comparison = make();
  expect(RunComparison.parse(JSON.parse(JSON.stringify(comparison)))).toEqual(comparison);
  for (const words of wordings(comparison)) expect(words).not.toMatch(/\{\w+\}|undefined|verdict\./);
  for (const { columns, title } of comparison.tables)
    for (const { key } of [title, ...columns.map((column) => column.title)])
      expect(isMessageKey(key)).toBe(true);
});
