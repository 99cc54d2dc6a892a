import { describe, expect, test } from 'vitest';
import { isMessageKey, say } from '../../../../../main/contract/messages';
import type { Trial } from '../../../../../main/contract/run/run';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { isKnownTo } from '../../../../../main/engine/results/report/sections/precision';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const workload = (name: string) => ({
  name,
  image: { kind: 'builtin' as const, name: 'web' as const },
  port: 8080,
  limits: { memoryBytes: 2 ** 28 },
});
const images = (change?: (trial: Trial) => void, trials = 10) =>
  fakeRun({
    plan: {
      workloads: [workload('a'), workload('b')],
      targets: ['container', 'vm:direct'],
      trials,
      ab: { sides: 'workloads', a: 'a', b: 'b' },
    },
    ...(change && { change }),
  });
const verdictsOf = (run: ReturnType<typeof fakeRun>) =>
  makeReport(run, []).verdicts.filter(({ worse }) => worse !== undefined);

describe('B against A', () => {
  test('is told first, for each target and figure, and what B is worse in is marked', () => {
    const run = images(
      (trial) => trial.workload === 'b' && trial.target === 'container' && (trial.readyMs! *= 1.4),
    );
    const report = makeReport(run, []);
    const told = verdictsOf(run);
    const inOrder = report.verdicts.map(({ id }) => id).filter((id) => id !== 'emulated');
    expect(inOrder.slice(0, told.length)).toEqual(told.map(({ id }) => id));
    expect(told.map(({ about }) => [about!.subject, ...about!.targets])).toEqual([
      ['start-up', 'container'],
      ['memory', 'container'],
      ['start-up', 'vm:direct'],
      ['memory', 'vm:direct'],
    ]);
    expect(told.filter(({ worse }) => worse).map(({ id }) => id)).toEqual(['ab start-up b container']);
    expect(say('en', told[0]!.text)).toMatch(
      /^b takes 1\.[34]\d* × as long to be ready as a: .* \(container; interval .*10 rounds\)/,
    );
    expect(report.tables[0]).toMatchObject({ id: 'ab-readyMs' });
    expect(report.tables[0]!.rows.map((row) => [row[0]!.value, row.at(-1)!.value])).toEqual([
      ['container', 'slower'],
      ['vm:direct', expect.not.stringMatching('slower')],
    ]);
  });

  test('of commits is told by their ids, and what is worse with the commit since which it is so', () => {
    const commits = {
      a: { id: 'a'.repeat(40), date: '2026-11-20' },
      b: { id: 'b'.repeat(40), date: '2026-11-24' },
    };
    const run = images((trial) => trial.workload === 'b' && (trial.readyMs! *= 1.4));
    const of = (more: Partial<typeof commits>) =>
      verdictsOf({ ...run, plan: { ...run.plan, commits: { ...commits, ...more } } });
    const words = (verdicts: ReturnType<typeof of>) => verdicts.map(({ text }) => say('en', text));
    const [startUp, memory] = words(of({}));
    expect(startUp).toMatch(
      /^b takes .* as a: .* Since commit b{9} \(2026-11-24\).* not yet at a{9} \(2026-11-20\)\.$/,
    );
    expect(memory).toMatch(/^b \(b{9}\) takes as much memory as a \(a{9}\)/);
    expect(say('zh-CN', of({})[0]!.text)).toContain('最迟自提交 bbbbbbbbb（2026-11-24）起如此');
    expect(words(of({ b: commits.a }))[0], 'the same commit').not.toContain('Since');
  });

  test('as VMs comes with what the guests use, where their own memory may differ', () => {
    const used = (times: number) => {
      const run = images(({ workload, target, memory }) => {
        if (target !== 'vm:direct') return;
        memory.guestUsedBytes = (workload === 'a' ? 20 : 68) * 2 ** 20;
        if (workload === 'b') memory.hostBytes! *= times;
      });
      return makeReport(run, []).verdicts.filter(({ id }) => id.startsWith('ab guest'));
    };
    expect(used(1.3).map(({ text }) => say('en', text))).toEqual([
      expect.stringMatching(/^By the guest’s own account A uses 20 MiB and B 68 MiB\./),
    ]);
    expect(used(1)).toEqual([]);
  });

  test('a change below the smallest one that counts is none', () => {
    const slower = images((trial) => trial.workload === 'b' && (trial.readyMs! *= 1.15));
    const judgements = (minimumEffect: number) =>
      verdictsOf({ ...slower, plan: { ...slower.plan, ab: { ...slower.plan.ab!, minimumEffect } } }).map(
        ({ worse, judgement }) => [worse, judgement],
      );
    expect(judgements(0.05)[0]).toEqual([true, 'differs']);
    expect(judgements(0.5)[0]).toEqual([false, 'same']);
  });

  test('how sure the answer is, is told by the smallest change that counts here', () => {
    const targets = fakeRun({
      plan: {
        workloads: [workload('web')],
        targets: ['container', 'vm:direct'],
        trials: 10,
        ab: { sides: 'targets', a: 'container', b: 'vm:direct' },
      },
    });
    const memoryOf = (trial: Trial) => trial.memory.hostBytes!;
    for (const trial of targets.trials) {
      const twin = targets.trials.find(
        ({ index, target }) => index === trial.index && target === 'container',
      )!;
      if (trial.target === 'vm:direct') trial.memory.hostBytes = 1.2 * memoryOf(twin);
    }
    const sureness = (minimumEffect?: number) => {
      const ab = { ...targets.plan.ab!, ...(minimumEffect !== undefined && { minimumEffect }) };
      const { answer } = makeReport({ ...targets, plan: { ...targets.plan, ab } }, []);
      return say('en', answer!.rows.find(({ id }) => id === 'memory')!.sureness!);
    };
    expect(sureness()).not.toContain('same');
    expect(sureness(0.5)).toMatch(/^surely the same, within 50\s%$/);
  });

  test('what drifts from round to round moves both sides and hides nothing', () => {
    const drifting = images((trial) => {
      trial.readyMs! *= 1 + 0.2 * trial.index;
      if (trial.workload === 'b') trial.readyMs! *= 1.3;
    });
    expect(verdictsOf(drifting).filter(({ worse }) => worse).length).toBe(2);
  });

  test('two that are alike are not worse; what B is better in is no regression', () => {
    expect(verdictsOf(images()).some(({ worse }) => worse)).toBe(false);
    const better = verdictsOf(images((trial) => trial.workload === 'b' && (trial.memory.hostBytes! /= 1.5)));
    expect(better.some(({ worse }) => worse)).toBe(false);
    expect(better.filter(({ judgement }) => judgement === 'differs').length).toBeGreaterThanOrEqual(2);
    for (const locale of ['en', 'zh-CN'] as const)
      for (const { text } of better) expect(say(locale, text)).not.toMatch(/\{\w+\}|verdict\./);
  });

  test('may be two targets with each workload', () => {
    const run = fakeRun({
      plan: {
        workloads: [workload('web'), workload('api')],
        targets: ['container', 'vm:direct'],
        trials: 6,
        ab: { sides: 'targets', a: 'container', b: 'vm:direct' },
      },
    });
    const slower = verdictsOf(run).filter(({ about }) => about!.subject === 'start-up');
    expect(slower.map(({ about, worse }) => [about!.workload, worse])).toEqual([
      ['web', true],
      ['api', true],
    ]);
    expect(makeReport(run, []).tables[0]!.rows.map(([head]) => head!.value)).toEqual(['web', 'api']);
  });

  test('one round has no interval, and claims nothing', () => {
    const told = verdictsOf(images((trial) => trial.workload === 'b' && (trial.readyMs! *= 9), 1));
    expect(told.map(({ judgement, standing }) => [judgement, standing])).toEqual(
      Array(4).fill(['cannot-tell', 'unclear']),
    );
    expect(say('en', told[0]!.text)).toContain('Too few rounds (1)');
  });

  test('rounds in which one side failed are left out', () => {
    const run = images((trial) => trial.workload === 'b' && trial.index < 4 && (trial.outcome = 'failed'));
    expect(verdictsOf(run)[0]!.text.facts.n).toBe(6);
  });

  test('a precision that is asked for is that of B against A', () => {
    const noisy = images((trial) => trial.workload === 'b' && (trial.readyMs! *= trial.index % 2 ? 3 : 1));
    expect(isKnownTo(noisy, 0.1)).toBe(false);
    expect(isKnownTo(noisy, 9)).toBe(true);
  });
});

test('an ordinary plan says nothing of it, and every text is there', () => {
  const report = makeReport(fakeRun(), []);
  expect(report.verdicts.some(({ worse }) => worse !== undefined)).toBe(false);
  expect(report.tables.some(({ id }) => id.startsWith('ab-'))).toBe(false);
  for (const { columns, title } of makeReport(images(), []).tables)
    for (const { key } of [title, ...columns.map((column) => column.title)])
      expect(isMessageKey(key)).toBe(true);
});
