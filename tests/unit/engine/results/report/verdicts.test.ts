import { describe, expect, test } from 'vitest';
import { say } from '../../../../../main/contract/messages';
import type { Trial } from '../../../../../main/contract/run/run';
import type { TargetId } from '../../../../../main/contract/targets';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { logCentre } from '../../../../../main/engine/results/statistics/contrast';
import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';
import { cellOf, chartOf, read, rowsOf, verdictsOf } from '../../../../support/fakes/reports';

describe('the verdicts', () => {
  test('begin with the warning that VMs were emulated, and badge each claim', () => {
    const { report } = fakeReportedRun();
    expect(report.verdicts[0]).toMatchObject({ id: 'emulated', standing: 'warning' });
    expect(verdictsOf(report, 'start-up')[0]!.text.key).toBe('verdict.start-up.clear-emulated');
    const { report: fast } = fakeReportedRun({ accelerator: 'kvm' });
    expect(verdictsOf(fast, 'emulated')).toEqual([]);
  });

  test('say who is sooner, by how much and how sure', () => {
    const run = fakeRun({ plan: { trials: 10 } });
    const { report } = fakeReportedRun({ plan: { trials: 10 } });
    const [verdict] = verdictsOf(report, 'start-up');
    const [fast, slow] = ['container', 'vm:direct'].map((target) =>
      logCentre(read(run.trials, 'web', target, (trial) => trial.readyMs)),
    );
    expect(verdict).toMatchObject({
      standing: 'holds',
      text: {
        facts: {
          workload: 'web',
          less: { target: 'container' },
          more: { target: 'vm:direct' },
          n: '10',
          lessValue: { ms: fast },
          moreValue: { ms: expect.closeTo(fast! * Number(verdict!.text.facts['ratio']), -1) as number },
        },
      },
    });
    const { ratio, low, high } = verdict!.text.facts as Record<string, number>;
    expect(ratio).toBeCloseTo(slow! / fast!, 1);
    expect(low).toBeLessThan(ratio!);
    expect(high).toBeGreaterThan(ratio!);
  });

  test('are turned round when the VM is sooner', () => {
    const { report } = fakeReportedRun({
      accelerator: 'kvm',
      plan: { trials: 10 },
      change: (trial) => {
        if (trial.target === 'vm:direct') trial.readyMs! /= 20;
      },
    });
    const [verdict] = verdictsOf(report, 'start-up');
    expect(verdict!.text).toMatchObject({
      key: 'verdict.start-up.clear',
      facts: { less: { target: 'vm:direct' }, more: { target: 'container' } },
    });
    const { ratio, low, high } = verdict!.text.facts as Record<string, number>;
    expect(low).toBeLessThan(ratio!);
    expect(ratio).toBeLessThan(high!);
    expect(low).toBeGreaterThan(1);
  });

  /** Every trial's time to ready, by its round and target. */
  const withTimes = (trials: number, ms: (round: number, isVm: boolean) => number) =>
    fakeReportedRun({
      accelerator: 'kvm',
      plan: { trials },
      change: (trial) => (trial.readyMs = ms(trial.index, trial.target !== 'container')),
    }).report;
  const startUpOf = (...of: Parameters<typeof withTimes>) => verdictsOf(withTimes(...of), 'start-up')[0]!;

  test.each([
    ['equal', 1],
    ['apart by a certain trifle', 1.02],
  ])('call two that are %s the same, since the whole interval is within 5 %%', (_, factor) => {
    const verdict = startUpOf(
      20,
      (round, isVm) => 300 * (1 + 0.001 * ((round * 7) % 5)) * (isVm ? factor : 1),
    );
    expect(verdict).toMatchObject({
      standing: 'holds',
      judgement: 'same',
      text: { key: 'verdict.start-up.same' },
    });
    expect(verdict.detectable).toBeUndefined();
  });

  test('say what would have been seen where nothing can be told', () => {
    const verdict = startUpOf(8, (round, isVm) => 300 + 40 * ((round * (isVm ? 5 : 3)) % 8));
    expect(verdict).toMatchObject({
      standing: 'unclear',
      judgement: 'cannot-tell',
      text: { key: 'verdict.start-up.unclear' },
    });
    expect(verdict.text.facts.seen).toEqual({ percent: (verdict.detectable! - 1) * 100 });
    expect(say('en', verdict.text)).toMatch(
      /A difference of \d+(\.\d+)? % would have been seen in 80 % of such runs/,
    );
  });

  test('say that two differ, but perhaps by a trifle', () => {
    const verdict = startUpOf(12, (round, isVm) => 300 * (isVm ? 1 : 1.045 + 0.02 * Math.sin(round * 3)));
    expect(verdict).toMatchObject({ standing: 'unclear', judgement: 'cannot-tell' });
    expect(verdict.text.key).toBe('verdict.start-up.slight');
    expect(verdict.text.facts).toMatchObject({
      less: { target: 'vm:direct' },
      more: { target: 'container' },
    });
  });

  test('find what a drift of the whole machine hides from groups', () => {
    const verdict = startUpOf(
      10,
      (round, isVm) => 300 * (1 + round / 3) * (isVm ? 1.1 + 0.02 * (round % 2) : 1),
    );
    expect(verdict).toMatchObject({ standing: 'holds', judgement: 'differs' });
  });

  test('refuse to compare with a machine whose accelerator changed meanwhile', () => {
    const { report } = fakeReportedRun({
      plan: { trials: 10 },
      change: (trial) => trial.accelerator && trial.index > 4 && (trial.accelerator = 'kvm'),
    });
    for (const subject of ['start-up', 'memory'])
      expect(verdictsOf(report, subject)[0]).toMatchObject({
        standing: 'unclear',
        judgement: 'not-comparable',
        text: { key: `verdict.${subject}.mixed` },
      });
  });

  test('are judged together: many comparisons make each interval wider', () => {
    const one = fakeReportedRun({ plan: { trials: 8 }, accelerator: 'kvm' }).report;
    const many = fakeReportedRun({
      plan: { trials: 8, targets: ['container', 'vm:direct', 'vm:micro', 'vm:full', 'process'] },
      accelerator: 'kvm',
    }).report;
    const width = ({ text: { facts } }: { text: { facts: Record<string, unknown> } }) =>
      Number(facts.high) / Number(facts.low);
    expect(width(verdictsOf(many, 'start-up web vm:direct')[0]!)).toBeGreaterThan(
      width(verdictsOf(one, 'start-up web vm:direct')[0]!),
    );
    expect(verdictsOf(many, 'judged-together')[0]!.text.facts).toEqual({ count: 9 });
  });

  test('tell trials that depend on each other, a first round unlike the others, and starts that failed', () => {
    const drifting = withTimes(16, (round, isVm) => (isVm ? 900 + 3 * ((round * 7) % 5) : 300 + 10 * round));
    expect(verdictsOf(drifting, 'dependent').map(({ id }) => id)).toEqual([
      'dependent readyMs web container',
    ]);
    const cold = withTimes(10, (round) => (round === 0 ? 700 : 300 + 3 * ((round * 7) % 5)));
    expect(verdictsOf(cold, 'first').map(({ id }) => id)).toEqual([
      'first readyMs web container',
      'first readyMs web vm:direct',
    ]);
    expect(verdictsOf(cold, 'first')[0]!.text.facts).toMatchObject({ first: { ms: 700 } });
    const { report } = fakeReportedRun({
      plan: { trials: 8 },
      change: (trial) => trial.target === 'container' && trial.index === 3 && (trial.outcome = 'timeout'),
    });
    expect(verdictsOf(report, 'censored')[0]!.text.facts).toMatchObject({
      failed: 1,
      all: 8,
      share: { percent: 12.5 },
    });
    expect(verdictsOf(fakeReportedRun({ plan: { trials: 16 } }).report, 'dependent')).toEqual([]);
  });

  test('claim nothing from one trial each', () => {
    const { report } = fakeReportedRun({ plan: { trials: 1 } });
    const [verdict] = verdictsOf(report, 'start-up');
    expect(verdict).toMatchObject({ standing: 'unclear', text: { key: 'verdict.start-up.no-interval' } });
    expect(cellOf(report, 'start-up', 0, 'readyMs').interval).toBeUndefined();
  });

  test('tell limits from use, with the sums of this run', () => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const [verdict] = verdictsOf(run.report, 'limits');
    const [containers, vms] = run.report.answer!.rows[0]!.sides;
    expect(verdict!.text.facts).toMatchObject({
      reserved: { bytes: 7 * 1024 ** 3 },
      vmBytes: { bytes: vms!.value },
      containerBytes: { bytes: containers!.value },
    });
    expect(verdictsOf(fakeReportedRun().report, 'limits')).toEqual([]);
  });

  test('say so when limits were used up after all', () => {
    const { report } = fakeReportedRun({
      preset: 'three-apps',
      change: (trial) => {
        if (trial.target === 'vm:direct') trial.memory.hostBytes = trial.memory.reservedBytes! * 1.1;
      },
    });
    expect(verdictsOf(report, 'limits')[0]!.text.key).toBe('verdict.limits-are-used');
  });

  test.each([
    { what: 'equal bytes', change: () => undefined, id: 'same-answer', standing: 'note' },
    {
      what: 'bytes that differ',
      change: (trial: Trial) => void (trial.answerSha256 = trial.target),
      id: 'answers-differ web',
      standing: 'warning',
    },
    {
      what: 'an answer that changes each time',
      change: (trial: Trial) => void (trial.answerSha256 = trial.id),
      id: 'answer-changes web',
      standing: 'note',
    },
    {
      what: 'an answer that was not kept',
      change: (trial: Trial) => void delete trial.answerSha256,
      id: 'answer-unread web',
      standing: 'note',
    },
  ])('judge $what', ({ change, id, standing }) => {
    const { report } = fakeReportedRun({ change });
    const told = report.verdicts.filter((verdict) => /^(same-)?answer/.test(verdict.id));
    expect(told.map((verdict) => [verdict.id, verdict.standing])).toEqual([[id, standing]]);
  });

  test('raise no alarm over answers that differ where a side has a single one', () => {
    const change = (trial: Trial) => void (trial.answerSha256 = trial.target);
    const answersOf = (plan: { trials: number; warmups: number }) =>
      fakeReportedRun({ plan, change })
        .report.verdicts.filter(({ id }) => id.startsWith('answer'))
        .map(({ id, standing }) => [id, standing]);
    expect(answersOf({ trials: 1, warmups: 0 })).toEqual([['answer-single web', 'note']]);
    expect(answersOf({ trials: 2, warmups: 0 })).toEqual([['answers-differ web', 'warning']]);
  });

  test('tell whether somebody’s own disk answers as the image does, and expect neither', () => {
    const answersOf = (targets: TargetId[], own: string) =>
      fakeReportedRun({
        plan: {
          targets,
          workloads: [
            {
              name: 'web',
              image: { kind: 'builtin', name: 'web' },
              disk: { file: '/srv/web.qcow2' },
              limits: { memoryBytes: 512 * 1024 ** 2 },
            },
          ],
        },
        change: (trial) => {
          if (trial.target === 'vm:image') trial.answerSha256 = own;
          else trial.answerSha256 = 'a';
        },
      }).report.verdicts.flatMap(({ id, standing, text }) =>
        /answer|own-disk/.test(id) ? [[standing, text.key]] : [],
      );
    const proven = ['note', 'verdict.same-answer'];
    expect(answersOf(['container', 'vm:direct', 'vm:image'], 'b')).toEqual([
      proven,
      ['note', 'verdict.own-disk.different'],
    ]);
    expect(answersOf(['container', 'vm:image'], 'a')).toEqual([['note', 'verdict.own-disk.same']]);
    expect(answersOf(['vm:image'], 'a')).toEqual([['note', 'verdict.own-disk.alone']]);
  });

  test('flag an outlier and keep it in the median', () => {
    const change = (trial: Trial) => {
      if (trial.id === 'web/container/2') trial.readyMs = 9000;
    };
    const run = fakeReportedRun({ plan: { trials: 10 }, change });
    expect(rowsOf(run.report, 'outliers')).toContainEqual(
      expect.objectContaining({ target: 'container', round: 2, readyMs: 9000, hostBytes: null }),
    );
    expect(rowsOf(run.report, 'start-up')[0]!.n).toBe(10);
    expect(chartOf(run.report, 'start-up', 'bars').bars[0]!.points).toContain(9000);
  });

  test('say what the numbers leave out and what cannot be equal', () => {
    const { report } = fakeReportedRun({ preset: 'three-apps' });
    expect(verdictsOf(report, 'engine-apart')[0]!.text.facts).toMatchObject({
      shared: { bytes: 118 * 1024 ** 2 },
    });
    expect(verdictsOf(report, 'few')[0]!.text.facts).toEqual({ n: 3, few: 6 });
    expect(verdictsOf(report, 'books').map(({ id }) => id)).toEqual(['books container', 'books vm:direct']);
    expect(verdictsOf(report, 'unequal')).toHaveLength(5);
    expect(verdictsOf(fakeReportedRun({ plan: { trials: 6 } }).report, 'few')).toEqual([]);
  });

  test('name what the guests are spared, by what they were booted with', () => {
    const run = fakeRun();
    const { line } = run.environment.commands.find(({ target }) => target === 'vm:direct')!;
    line.push('-append', 'quiet mitigations=off init_on_alloc=0 panic=-1');
    line.splice(line.indexOf('-append'), 2);
    expect(verdictsOf(makeReport(run, []), 'unequal.spared').map(({ text }) => text.facts)).toEqual([
      { words: 'mitigations=off init_on_alloc=0' },
    ]);
    line[line.indexOf('q35')] = 'microvm,acpi=off';
    expect(verdictsOf(makeReport(run, []), 'unequal.small-kernel')).toHaveLength(1);
  });

  test('do not invent the engine’s share when it could not be read', () => {
    const run = fakeRun();
    delete run.environment.engine!.sharedBytes;
    expect(verdictsOf(makeReport(run, []), 'engine-apart')[0]!.text.key).toBe('verdict.engine-unread');
  });
});
