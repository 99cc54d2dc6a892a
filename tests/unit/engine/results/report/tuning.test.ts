import { describe, expect, it } from 'vitest';
import { say } from '../../../../../main/contract/messages';
import type { Run } from '../../../../../main/contract/run/run';
import { Estimates } from '../../../../../main/engine/results/report/estimates/estimates';
import { tuning } from '../../../../../main/engine/results/report/sections/tuning';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const tuningTable = (run: Run) => tuning.tables(new Estimates(run))[0]!;
const tuningVerdicts = (run: Run) => tuning.verdicts(new Estimates(run));

const changed = 'vm:micro+disk=ext4';
const values = (around: number) => Array.from({ length: 8 }, (_, index) => around + index);

/** Eight trials of a machine and of the same with another disk. */
function run(base: number[], other: number[]): Run {
  const made = fakeRun();
  const [workload] = made.plan.workloads;
  const trials = (target: string, times: number[]) =>
    times.map((readyMs, index) => {
      const id = `${workload!.name}/${target}/${index}`;
      return {
        ...made.trials[0]!,
        id,
        workload: workload!.name,
        target,
        index,
        outcome: 'ok' as const,
        readyMs,
      };
    });
  return {
    ...made,
    plan: { ...made.plan, workloads: [workload!], targets: ['vm:micro', changed] },
    trials: [...trials('vm:micro', base), ...trials(changed, other)],
  };
}

describe('changed machines', () => {
  it('are rows against the same machine without the change', () => {
    const table = tuningTable(run(values(500), values(800)));
    expect(table.rows).toHaveLength(1);
    const [, target, n, ready, difference] = table.rows[0]!;
    expect([target!.value, n!.value, ready!.value]).toEqual([changed, 8, 803.5]);
    expect(difference!.value).toBe(300);
    expect(difference!.interval!.low).toBeGreaterThan(0);
  });

  it('that are clear are told in a sentence', () => {
    const [verdict] = tuningVerdicts(run(values(500), values(800)));
    expect(say('en', verdict!.text)).toMatch(
      /VM \(microvm\) \+ ext4 disk is ready 300 ms later than VM \(microvm\) \(\d+ ms to \d+ ms\)\./,
    );
    expect(say('zh-CN', verdict!.text)).toContain('晚 300 ms 就绪');
  });

  it('that make no difference are in the table alone', () => {
    const equal = run(values(500), values(501));
    expect(tuningVerdicts(equal).filter(({ id }) => id.startsWith('lever ready'))).toEqual([]);
    expect(tuningTable(equal).rows).toHaveLength(1);
  });

  it('are judged as one family: what a single one would pass by luck is no finding among many', () => {
    const base = [500, 503, 506, 509, 540, 545, 550, 600];
    // signed ranks of eight rounds of which the closest lies on the other side: p = 0.016, and 0.05 ∕ 6 is less
    const slower = [1.12, 1.09, 1.1, 0.98, 1.11, 1.08, 1.13, 1.07];
    const lucky = base.map((value, round) => value * slower[round]!);
    const single = run(base, lucky);
    const others = ['squashfs', 'initramfs'].map((disk) => `vm:micro+disk=${disk}`);
    const many = structuredClone(single);
    many.plan.targets.push(...others);
    for (const target of others)
      many.trials.push(
        ...base.map((readyMs, index) => ({
          ...single.trials[0]!,
          id: `${target}/${index}`,
          target,
          index,
          readyMs,
        })),
      );
    const told = (of: Run) => tuningVerdicts(of).filter(({ id }) => id === `lever ready ${changed}`);
    const cells = (of: Run) => tuningTable(of).rows[0]!;
    expect(cells(single)[4]!.interval!.low).toBeGreaterThan(0);
    expect(Number(cells(many)[5]!.value)).toBeGreaterThan(Number(cells(single)[5]!.value));
    expect(told(single)).toHaveLength(1);
    expect(cells(many)[4]).toEqual(cells(single)[4]); // the interval is the same, and still excludes 0
    expect(told(many)).toEqual([]);
    const { note } = tuningTable(many);
    expect(say('en', note!)).toContain('over all 6 comparisons');
    expect(say('zh-CN', note!)).toContain('6 次比较');
  });

  it('are no part of a run without any', () => {
    expect(tuningTable(fakeRun()).rows).toEqual([]);
    expect(tuningVerdicts(fakeRun())).toEqual([]);
  });
});
