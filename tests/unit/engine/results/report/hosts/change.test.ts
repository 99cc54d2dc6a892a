/** How one run on several hosts stands against another. */
import { describe, expect, test } from 'vitest';
import type { Fleet } from '../../../../../../main/contract/fleet/fleet';
import { say } from '../../../../../../main/contract/messages';
import type { Message } from '../../../../../../main/contract/report/report';
import type { Run } from '../../../../../../main/contract/run/run';
import { compareFleets } from '../../../../../../main/engine/results/report/hosts/change';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../../support/fakes/hostRuns';

/** Hosts as they are, and the same once more with another noise: what starts is slower by `factor`. */
function twice(count: number, factor = 1, change: (run: Run) => void = () => undefined): [Fleet, Fleet] {
  const seeds = Array.from({ length: count }, (_, at) => at + 1);
  const before = seeds.map((seed) => okHost(`bench-${seed}`, runOnHost(seed, { noise: 0.01 })));
  const after = seeds.map((seed) => {
    const run = runOnHost(seed, { noise: 0.01 });
    run.trials.forEach((trial, at) => {
      if (trial.readyMs !== undefined) trial.readyMs *= factor * (1 + (((at + seed) % 5) - 2) / 500);
    });
    change(run);
    return okHost(`bench-${seed}`, run);
  });
  return [fleetOf(before, '20260101-120000-00ff'), fleetOf(after, '20260102-120000-00ff')];
}

describe('over six hosts', () => {
  test('a change that is on all of them is told, though two single runs could not tell it', () => {
    const compared = compareFleets(...twice(6, 3));
    const starts = compared.changes.filter(({ metric }) => metric === 'readyMs');
    expect(starts).toHaveLength(6);
    for (const { outcome, pooled } of starts) {
      expect(outcome).toBe('more');
      expect(pooled!.hosts).toBe(6);
      expect(pooled!.ratio).toBeCloseTo(3, 1);
    }
    expect(compared.regression).toBe(true);
    const told = compared.verdicts.filter(({ judgement }) => judgement === 'differs');
    expect(say('en', told[0]!.text)).toMatch(
      /^web on container: time to ready increased, 3\.0 × on average over 6 hosts/,
    );
  });

  test('nothing is called where nothing changed', () => {
    const compared = compareFleets(...twice(6));
    expect(compared.regression).toBe(false);
    expect(compared.changes.some(({ outcome }) => outcome === 'same')).toBe(true);
    expect(compared.changes.every(({ outcome }) => ['same', 'unknown'].includes(outcome))).toBe(true);
  });

  test('a host whose conditions are not the same is told with them, and not pooled', () => {
    let at = 0;
    const compared = compareFleets(
      ...twice(6, 1.2, (run) => {
        if (at++ === 0) run.environment.host.kernel = '9.9.9';
      }),
    );
    const [first] = compared.changes.filter(({ metric }) => metric === 'readyMs');
    expect(first!.hosts[0]).toMatchObject({ host: 'bench-1', because: ['host.kernel'] });
    expect(first!.pooled!.hosts).toBe(5);
  });

  test('conditions that changed everywhere leave nothing to compare', () => {
    const compared = compareFleets(...twice(6, 1.2, (run) => (run.environment.host.kernel = '9.9.9')));
    expect(compared.changes.every(({ outcome }) => outcome === 'not-comparable')).toBe(true);
    expect(compared.regression).toBe(false);
  });
});

describe('the pictures', () => {
  const rowsOf = (fleets: [Fleet, Fleet]) => {
    const { charts, changes } = compareFleets(...fleets);
    const [first] = charts;
    if (first?.kind !== 'forest') throw new Error('no forest plot');
    return { rows: first.rows, changes, charts };
  };
  const said = ({ label }: { label: string | Message }) =>
    typeof label === 'string' ? label : say('en', label);

  test('each metric has one, with all hosts together in a row per application and target', () => {
    const { rows, changes, charts } = rowsOf(twice(6, 3));
    expect(charts.map(({ id }) => id)).toEqual([
      ...new Set(changes.map(({ metric }) => `hosts-compare-${metric}`)),
    ]);
    const drawn = changes.filter(({ metric }) => metric === changes[0]!.metric);
    expect(rows.map(({ ratio, interval }) => ({ ratio, interval }))).toEqual(
      drawn.map(({ pooled }) => ({ ratio: pooled!.ratio, interval: pooled!.interval })),
    );
    expect(said(rows[0]!)).toBe('web · container');
  });

  test('two hosts are drawn one by one', () => {
    const { rows } = rowsOf(twice(2, 3));
    expect(rows.slice(0, 2).map(said)).toEqual(['bench-1 · web · container', 'bench-2 · web · container']);
  });

  test('what was emulated is drawn so', () => {
    const emulate = (run: Run) =>
      run.trials.forEach((trial) => {
        if (trial.target !== 'container') trial.accelerator = 'tcg';
      });
    const [base, other] = twice(4, 1, emulate);
    base.hosts.forEach(({ run }) => run && emulate(run));
    const { rows } = rowsOf([base, other]);
    for (const { target, emulated } of rows) expect(emulated).toBe(target === 'container' ? undefined : true);
    expect(new Set(rows.map(({ emulated }) => emulated)).size).toBe(2);
  });
});

test('of two hosts nothing is called', () => {
  const compared = compareFleets(...twice(2, 3));
  expect(compared.changes.every(({ outcome }) => outcome === 'unknown')).toBe(true);
  expect(compared.verdicts[0]!.text.key).toBe('hosts.compare.few');
});

test('hosts that are in one of them only are named and left out', () => {
  const [base, other] = twice(4);
  base.hosts.push(okHost('gone', runOnHost(9)));
  other.hosts.push(okHost('new', runOnHost(9)), lostHost('lost'));
  expect(compareFleets(base, other).leftOut).toEqual([
    { host: 'gone', why: 'only-in-base' },
    { host: 'new', why: 'only-in-other' },
  ]);
});

test('without a host in both there is no comparison', () => {
  const [base] = twice(2);
  expect(() => compareFleets(base, fleetOf([okHost('new', runOnHost(9))]))).toThrowError(
    expect.objectContaining({
      failure: expect.objectContaining({ code: 'not-comparable' }) as unknown,
    }) as Error,
  );
});

test('every sentence has its words in both languages', () => {
  for (const compared of [compareFleets(...twice(6, 3)), compareFleets(...twice(2))])
    for (const locale of ['en', 'zh-CN'] as const)
      for (const text of [
        ...compared.verdicts.map((one) => one.text),
        ...compared.tables.map(({ title }) => title),
      ])
        expect(say(locale, text)).not.toMatch(/[{}]|undefined/);
});
