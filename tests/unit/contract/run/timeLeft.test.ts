import { describe, expect, it } from 'vitest';
import { Plan, type PlanInput } from '../../../../main/contract/plan';
import { noExperience } from '../../../../main/contract/planning';
import { TimeLeft } from '../../../../main/contract/run/timeLeft';
import { schedule, warmups } from '../../../../main/engine/measure/run/schedule';
import { presets } from '../../../../main/engine/measure/workloads/presets';

const planOf = (name: string, change: Partial<PlanInput> = {}): Plan =>
  Plan.parse({ ...presets.find((preset) => preset.name === name)!, ...change });

/** Goes through a whole plan, each turn taking as long as its target says, and asks at the start of each what is left. */
function goThrough(plan: Plan, turnMs: (target: string) => number, of = new TimeLeft(plan)) {
  let nowMs = 1000;
  const told: { left: number | undefined; truly: number }[] = [];
  const groups = [...warmups(plan), ...schedule(plan)];
  const startsMs = groups.map(([first]) => {
    const startMs = nowMs;
    nowMs += turnMs(first!.target);
    return startMs;
  });
  for (const [at, group] of groups.entries()) {
    for (const { workload, target, round } of group)
      of.started({ workload: workload.name, target, index: round }, startsMs[at]!);
    told.push({ left: of.leftMs(startsMs[at]!), truly: nowMs - startsMs[at]! });
  }
  return { told, of, endMs: nowMs };
}

const took = (target: string) => (target.startsWith('vm') ? 12_000 : 3000);
const experience = { instanceMs: { container: 1000, 'vm:direct': 9000 } };

describe('the time that a run still takes', () => {
  it.each(['quick', 'three-apps'])(
    'is known once each kind of turn was made, and right where each takes as long as before: %s',
    (name) => {
      const plan = planOf(name);
      const { told } = goThrough(plan, took);
      expect(told[0]!.left).toBeUndefined();
      const known = told.filter(({ left }) => left !== undefined);
      expect(known.length).toBeGreaterThan(2);
      for (const { left, truly } of known) expect(left).toBeCloseTo(truly, 6);
    },
  );

  it('is estimated from earlier runs before anything has started, by what the plan prescribes and what starts took', () => {
    const plan = planOf('quick', { warmups: 0, trials: 2, soakMs: 500, coolDownMs: 100 });
    expect(new TimeLeft(plan, experience).leftMs(0)).toBe(2 * (1000 + 9000 + 2 * 600));
    expect(new TimeLeft(plan, noExperience).leftMs(0)).toBeUndefined();
  });

  it('follows what the run itself takes, whatever earlier ones took', () => {
    const plan = planOf('quick');
    const { told } = goThrough(plan, took, new TimeLeft(plan, experience));
    expect(told[0]!.left).toBeDefined();
    expect(told.at(-3)!.left).toBeCloseTo(told.at(-3)!.truly, 6);
  });

  it('comes to nothing, and not below, while the last turn takes longer than the others', () => {
    const plan = planOf('quick');
    const { of, endMs } = goThrough(plan, took);
    expect(of.leftMs(endMs + 60_000)).toBe(0);
  });

  it('counts no further turns of a pair that was given up, and all of one that failed once', () => {
    const plan = planOf('quick', { warmups: 0, trials: 5 });
    const workload = plan.workloads[0]!.name;
    const of = new TimeLeft(plan, { instanceMs: { container: 1000, 'vm:direct': 9000 } });
    const pass = (
      target: 'container' | 'vm:direct',
      index: number,
      nowMs: number,
      outcome: 'failed' | 'ok',
    ) => {
      of.started({ workload, target, index }, nowMs);
      of.ended({ workload, target, outcome });
    };
    pass('container', 0, 0, 'ok');
    pass('vm:direct', 0, 3000, 'failed');
    pass('container', 1, 15_000, 'ok');
    // the container that has just begun and three more, four of the VM
    expect(of.leftMs(15_000)).toBe(4 * 3000 + 4 * 12_000);
    pass('vm:direct', 1, 18_000, 'failed');
    pass('container', 2, 30_000, 'ok');
    expect(of.leftMs(30_000)).toBe(3 * 3000);
  });

  it('is not known where the number of rounds or instances is not', () => {
    const of = (plan: Plan) => goThrough(plan, took).told.map(({ left }) => left);
    expect(new Set(of(planOf('quick', { precision: 0.1 })))).toEqual(new Set([undefined]));
    expect(new TimeLeft(planOf('density'), experience).leftMs(0)).toBeUndefined();
  });
});
