/** What several hosts say together, of runs that were really recorded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { say } from '../../../../../../main/contract/messages';
import { findingsIn } from '../../../../../../main/contract/report/verdicts';
import { HostsReport } from '../../../../../../main/contract/report/fleet';
import type { FleetHost } from '../../../../../../main/contract/fleet/fleet';
import { partOf } from '../../../../../../main/engine/results/report/hosts/part';
import { hostsReport } from '../../../../../../main/engine/results/report/hosts/report';
import { makeReport } from '../../../../../../main/engine/results/report/report';
import { lostHost, okHost, recordedRun, runOnHost } from '../../../../../support/fakes/hostRuns';

const reportOf = (hosts: readonly FleetHost[]): HostsReport => hostsReport(hosts.map(partOf));
const named = (report: HostsReport, id: string) => {
  const table = report.tables.find((one) => one.id === id)!;
  return table.rows.map((row) =>
    Object.fromEntries(row.map(({ value }, at) => [table.columns[at]!.id, value])),
  );
};

const six = Array.from({ length: 6 }, (_, at) => okHost(`bench-${at + 1}`, runOnHost(at + 1)));

test('each host stands there by its own report', () => {
  const report = reportOf([okHost('bench-1', recordedRun())]);
  const { answer } = makeReport(recordedRun(), []);
  for (const [metric, row] of [
    ['memory', answer!.rows[0]!],
    ['start-up', answer!.rows[1]!],
  ] as const) {
    const [host] = report.comparisons.find((one) => one.metric === metric)!.hosts;
    const [base, other] = row.sides;
    expect(host).toMatchObject({ base: base!.value, other: other!.value, ...other!.against });
  }
});

describe('of six hosts', () => {
  const report = reportOf(six);

  test('it is what the contract says, in both languages', () => {
    expect(HostsReport.parse(report)).toEqual(report);
    const texts = [
      ...[report.text, ...report.sureness.map(({ said }) => said), ...report.doubts],
      ...report.verdicts.map(({ text }) => text),
      ...[...report.tables, ...report.charts].flatMap(({ title, note }) => [title, note ?? title]),
    ];
    for (const locale of ['en', 'zh-CN'] as const)
      for (const text of texts) expect(say(locale, text)).not.toMatch(/[{}]|undefined|NaN/);
  });

  test('the sentence tells the mean and on how many hosts it holds', () => {
    const [memory] = report.comparisons;
    expect(memory).toMatchObject({ metric: 'memory', outcome: 'more', pooled: { hosts: 6 } });
    expect(say('en', report.text)).toMatch(
      /^A VM needs [\d.]+ × the memory of a container on average over 6 hosts, and clearly more on 6 of 6\.$/,
    );
    expect(say('en', report.sureness[0]!.said)).toMatch(
      /^holds on 6 of 6 hosts; mean of hosts [\d.]+ – [\d.]+ ×, a further host like these [\d.]+ – [\d.]+ ×$/,
    );
  });

  test('the mean lies among the hosts, one more host is less sure than it, and weights are shares', () => {
    for (const { hosts, pooled } of report.comparisons) {
      const ratios = hosts.map(({ ratio }) => ratio);
      expect(pooled!.ratio).toBeGreaterThan(Math.min(...ratios));
      expect(pooled!.ratio).toBeLessThan(Math.max(...ratios));
      expect(pooled!.prediction.low).toBeLessThanOrEqual(pooled!.interval.low);
      expect(pooled!.prediction.high).toBeGreaterThanOrEqual(pooled!.interval.high);
      expect(hosts.reduce((sum, { weight = 0 }) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
  });

  test('the picture has a row per host and the mean last, and the table the same figures', () => {
    const [chart] = report.charts;
    expect(chart).toMatchObject({ id: 'hosts-memory', kind: 'forest', unit: 'times' });
    const rows = chart!.kind === 'forest' ? chart!.rows : [];
    expect(rows.map(({ label }) => label)).toEqual(six.map(({ name }) => name));
    expect(rows.map(({ ratio }) => ratio)).toEqual(
      named(report, 'hosts-memory').map(({ hostRatio }) => hostRatio),
    );
    const pooled = chart!.kind === 'forest' ? chart!.pooled : undefined;
    expect(pooled!.ratio).toBe(report.comparisons[0]!.pooled!.ratio);
  });

  test('the order in which hosts are named changes nothing but their order', () => {
    const turned = reportOf(six.toReversed());
    const one = turned.comparisons[0]!.pooled!;
    expect(one.ratio).toBeCloseTo(report.comparisons[0]!.pooled!.ratio, 9);
    expect(one.tau).toBeCloseTo(report.comparisons[0]!.pooled!.tau, 9);
  });
});

test('no figure of one computer is averaged with that of another', () => {
  const slow = runOnHost(3, { spread: 0 });
  for (const trial of slow.trials) trial.readyMs! *= 100;
  const [fast, pooled] = [six.slice(0, 3), reportOf([...six.slice(0, 2), okHost('slow', slow)])];
  const startUp = pooled.comparisons.find(({ metric }) => metric === 'start-up')!;
  // a hundred times slower both ways: the ratio is what it was
  const before = reportOf([...fast.slice(0, 2), okHost('slow', runOnHost(3, { spread: 0 }))]);
  expect(startUp.pooled!.ratio).toBeCloseTo(
    before.comparisons.find(({ metric }) => metric === 'start-up')!.pooled!.ratio,
    6,
  );
});

describe('of fewer hosts', () => {
  test('two that agree are told without a mean', () => {
    const report = reportOf(six.slice(0, 2));
    expect(report.comparisons[0]).toMatchObject({ outcome: 'more', counts: { more: 2 } });
    expect(report.comparisons[0]!.pooled).toBeUndefined();
    expect(say('en', report.text)).toMatch(
      /^A VM needs [\d.]+ – [\d.]+ × the memory of a container: more on 2 of 2 hosts\.$/,
    );
    expect(report.doubts.map(({ key }) => key)).toContain('hosts.doubt.few');
  });

  test('one is told with its own interval', () => {
    const report = reportOf(six.slice(0, 1));
    expect(say('en', report.text)).toMatch(
      /^A VM needs [\d.]+ × the memory of a container on the one host that can be compared\.$/,
    );
    expect(say('en', report.sureness[0]!.said)).toMatch(/^one host alone: [\d.]+ – [\d.]+ ×$/);
  });

  test.each([0, 1])('%i that were asked, of which none gave anything', (asked) => {
    const report = reportOf([lostHost('bench-1')].slice(0, asked));
    expect(say('en', report.text)).toBe('No host gave any figures.');
    expect([...report.doubts, ...report.sureness]).toEqual([]);
  });

  test('figures of one way alone are none that can be compared', () => {
    const run = recordedRun();
    run.trials = run.trials.filter(({ target }) => target === 'container');
    const report = reportOf([okHost('bench-1', run)]);
    expect(say('en', report.text)).toBe('No host measured two ways that can be compared.');
  });

  test('two that do not agree, or can tell nothing, are counted with words for one and for many', () => {
    const noisy = (seed: number) => okHost(`bench-${seed}`, runOnHost(seed, { noise: 3 }));
    const [one, two] = [reportOf([noisy(1)]), reportOf([noisy(1), noisy(2)])];
    expect(say('en', one.text)).toMatch(/^This host does not tell whether .* on 1 of 1\.$/);
    expect(say('en', two.text)).toMatch(/^These hosts do not tell whether .* on 2 of 2\.$/);
    expect(say('en', one.sureness[0]!.said)).toBe('cannot tell from 1 host');
    expect(say('en', two.sureness[0]!.said)).toBe('cannot tell from 2 hosts');
  });

  test('none that gave anything is told as such', () => {
    const report = reportOf([lostHost('bench-1'), lostHost('bench-2')]);
    expect(say('en', report.text)).toBe('No host gave any figures.');
    // the sentence says it already
    expect(report.doubts).toEqual([]);
    expect(report.comparisons).toEqual([]);
    expect(named(report, 'hosts-missing')).toMatchObject([
      { host: 'bench-1', outcome: 'failed', code: 'docker-unreachable' },
      { host: 'bench-2', outcome: 'failed', code: 'docker-unreachable' },
    ]);
    expect(HostsReport.parse(report)).toEqual(report);
  });
});

describe('hosts that are not alike', () => {
  test('one that gave nothing is a row with its reason, and a doubt', () => {
    const report = reportOf([...six.slice(0, 4), lostHost('bench-9')]);
    expect(report.comparisons[0]!.counts.more).toBe(4);
    expect(named(report, 'hosts-missing').map(({ host }) => host)).toEqual(['bench-9']);
    expect(say('en', report.doubts[0]!)).toBe('1 of 5 hosts gave no figures: bench-9.');
  });

  test('a trial that failed is told, and the host counts by its others', () => {
    const run = runOnHost(7);
    run.trials[0] = { ...run.trials[0]!, outcome: 'failed', failure: { code: 'stopped' } };
    const report = reportOf([...six.slice(0, 3), okHost('bench-7', run)]);
    expect(report.doubts.map((doubt) => say('en', doubt))).toContain('1 trial failed, on bench-7.');
    expect(report.comparisons[0]!.pooled!.hosts).toBe(4);
  });

  test.each([
    ['tcg', 'likely'],
    ['kvm', 'measured'],
  ] as const)('what VMs by %s say is %s', (accelerator, certainty) => {
    const { verdicts } = reportOf(
      [1, 2, 3].map((seed) => okHost(`h-${seed}`, runOnHost(seed, { accelerator }))),
    );
    const found = findingsIn(verdicts).map(({ certainty }) => certainty);
    expect(found).toEqual(found.map(() => certainty));
    expect(found.length).toBeGreaterThan(1);
  });

  test('those whose VMs were emulated are not pooled with those whose were not', () => {
    const fast = [1, 2, 3].map((seed) => okHost(`kvm-${seed}`, runOnHost(seed, { accelerator: 'kvm' })));
    const report = reportOf([...fast, okHost('tcg-1', runOnHost(4))]);
    const [memory] = report.comparisons;
    expect(memory!.pooled!.hosts).toBe(3);
    expect(memory!.hosts.at(-1)).toMatchObject({ host: 'tcg-1', emulated: true, notPooled: 'emulated' });
    expect(memory!.counts.more).toBe(3);
    expect(report.doubts.map(({ key }) => key)).toContain('hosts.doubt.emulated');
    // nothing to be told apart where all of them were
    expect(reportOf(six).doubts.map(({ key }) => key)).toContain('answer.doubt.emulated');
  });

  test('what differs between them stands beside it, and nothing that does not', () => {
    const hosts = [
      okHost('old', runOnHost(1, { environment: { kernel: '6.1.0', governor: 'powersave' } })),
      okHost('new', runOnHost(2, { environment: { kernel: '6.12.0', governor: 'powersave' } })),
      okHost('other', runOnHost(3, { environment: { kernel: '6.12.0', governor: 'powersave' } })),
    ];
    const report = reportOf(hosts);
    expect(named(report, 'hosts-conditions')).toEqual([
      { condition: 'host.kernel', value: '6.12.0', hosts: 2, names: 'new, other' },
      { condition: 'host.kernel', value: '6.1.0', hosts: 1, names: 'old' },
    ]);
    expect(report.doubts).toContainEqual({ key: 'hosts.doubt.conditions', facts: { count: 1 } });
  });

  test('other images are a doubt of their own', () => {
    const other = runOnHost(2);
    other.environment.images[0] = { ...other.environment.images[0]!, fingerprint: 'f00d' };
    expect(reportOf([six[0]!, okHost('other', other)]).doubts.map(({ key }) => key)).toContain(
      'hosts.doubt.images',
    );
  });

  test('one on which it is the other way round is named', () => {
    const odd = runOnHost(8, { spread: 0 });
    for (const trial of odd.trials)
      if (trial.target === 'vm:direct') {
        trial.memory.hostBytes! /= 100;
        trial.memory.parts = trial.memory.parts.map(({ part, bytes }) => ({ part, bytes: bytes / 100 }));
      }
    const report = reportOf([...six, okHost('odd', odd)]);
    expect(report.comparisons[0]!.counts).toMatchObject({ more: 6, less: 1 });
    // one host of seven that says the opposite, and so much of it, leaves no mean to be told
    expect(report.comparisons[0]!.pooled!.share).toBeGreaterThan(0.9);
    const two = reportOf([six[0]!, okHost('odd', odd)]);
    expect(two.comparisons[0]!.outcome).toBe('unknown');
    expect(say('en', two.text)).toMatch(/more on 1, less on 1, no clear difference on 0 of 2\.$/);
  });
});

/** A run on other targets: what ran on one of them is told of another. */
const onTargets = (seed: number, of: Readonly<Record<string, string>>) => {
  const run = runOnHost(seed);
  const renamed = run.trials.flatMap((trial) => {
    const target = of[trial.target];
    return target === undefined ? [] : [{ ...trial, target, id: trial.id.replace(trial.target, target) }];
  });
  return { ...run, plan: { ...run.plan, targets: [...new Set(Object.values(of))] }, trials: renamed };
};

test('what one host alone can compare, since a target failed there, is not what is spoken of', () => {
  const usual = { container: 'container', 'vm:direct': 'vm:micro' };
  const odd = okHost('odd', onTargets(9, { container: 'process', 'vm:direct': 'vm:micro' }));
  const hosts = [1, 2, 3].map((seed) => okHost(`bench-${seed}`, onTargets(seed, usual)));
  const report = reportOf([odd, ...hosts]);
  expect(
    report.comparisons.map(({ metric, base, hosts: { length } }) => [metric, base.target, length]),
  ).toEqual([
    ['memory', 'container', 3],
    ['start-up', 'container', 3],
    ['memory', 'process', 1],
    ['start-up', 'process', 1],
  ]);
  expect(report.sureness.map(({ id }) => id)).toEqual(['memory', 'start-up']);
  expect(say('en', report.sureness[0]!.said)).toMatch(/^holds on 3 of 3 hosts/);
});

test('memory is spoken of first, also where the first host could not read it', () => {
  const blind = runOnHost(9);
  for (const trial of blind.trials) delete trial.memory.hostBytes;
  const report = reportOf([okHost('blind', blind), ...six.slice(0, 3)]);
  expect(report.comparisons.map(({ metric }) => metric)).toEqual(['memory', 'start-up']);
});

test('whatever figures a host tells, the report is one that a record can hold', () => {
  const figure = fc.oneof(
    fc.constantFrom(0, -1, 5e-324, 1e-300, 1e-10, 2 ** 53, 1e18, 2 ** 64, -(2 ** 64)),
    fc.double({ min: 0.1, max: 1e12, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(figure, { minLength: 3, maxLength: 12 }), (figures) => {
      const lying = runOnHost(9);
      lying.trials.forEach((trial, at) => {
        trial.readyMs = figures[at % figures.length]!;
        trial.memory.hostBytes = figures[(at + 1) % figures.length]!;
      });
      const report = reportOf([okHost('liar', lying), ...six.slice(0, 2)]);
      expect(HostsReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    }),
    { numRuns: 40 },
  );
});
