import { describe, expect, test } from 'vitest';
import { readyMs } from '../../../../../main/contract/metrics';
import { Plan } from '../../../../../main/contract/plan';
import { roundsOf } from '../../../../../main/contract/planning';
import type { Run } from '../../../../../main/contract/run/run';
import { Estimates } from '../../../../../main/engine/results/report/estimates/estimates';
import { ratioOf } from '../../../../../main/engine/results/report/estimates/judging';
import { againstBaseline } from '../../../../../main/engine/results/report/estimates/sides';
import { schedule } from '../../../../../main/engine/measure/run/schedule';
import { Pace } from '../../../../../main/engine/measure/run/stopping';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { fakeRecord, okTrial } from '../../../../support/fakes/fakeAnswers';
import { normalDraw } from '../../../../support/statistics/normalDraw';
import { judgeAlone } from '../../../../support/statistics/judgeAlone';

interface Simulation {
  /** true ratio of the second container to the first */
  effect?: number;
  /** spread of a single start, as a share: containers here have 4 to 8 % */
  noise?: number;
  precision?: number;
  trials?: number;
  seed: number;
}

/** A whole run with a wanted precision, by the rule that the runner follows; nothing is started. */
function simulate({ effect = 1, noise = 0.06, precision = 0.05, trials = 16, seed }: Simulation): Run {
  const plan = Plan.parse({
    name: 'simulation',
    workloads: [{ name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 2 ** 26 } }],
    targets: ['container', 'container:other'],
    trials,
    precision,
    seed,
  });
  const run: Run = { ...fakeRecord(), plan, trials: [] };
  const random = seededRandom(seed);
  const pace = new Pace(run, performance.now());
  for (const { target, round } of schedule(plan, roundsOf(plan)).flat()) {
    if (pace.isOver(round)) break;
    const readyMs = 400 * (target === 'container' ? 1 : effect) * Math.exp(noise * normalDraw(random));
    const trial = okTrial('web', target, round, readyMs);
    delete trial.memory.hostBytes; // start-up is what varies
    run.trials.push(trial);
  }
  return run;
}

const startUp = (run: Run) => ratioOf(againstBaseline(new Estimates(run))[0]!, readyMs)!;
const rounds = (run: Run) => run.trials.length / 2;
const seeds = Array.from({ length: 200 }, (_, at) => 9000 + at);

describe('200 simulated experiments with --precision 5%', () => {
  test('claim a difference between equal targets in at most 5 %', { timeout: 120_000 }, () => {
    const claims = seeds.filter((seed) => judgeAlone(startUp(simulate({ seed }))).judgement === 'differs');
    expect(claims.length).toBeLessThanOrEqual(10);
  });

  test('find a true 10 % in at least 90 %, within 40 rounds', { timeout: 120_000 }, () => {
    const runs = seeds.map((seed) => simulate({ seed, effect: 1.1 }));
    const found = runs.filter(
      (run) =>
        judgeAlone(startUp(run)).judgement === 'differs' && startUp(run).value > 1 && rounds(run) <= 40,
    );
    expect(found.length).toBeGreaterThanOrEqual(180);
  });
});

describe('a run with a wanted precision', () => {
  test('ends as soon as it is reached, after a whole pair of rounds', () => {
    const run = simulate({ seed: 1 });
    const { low, high } = startUp(run).interval!;
    expect(Math.sqrt(high / low) - 1).toBeLessThanOrEqual(0.05);
    expect(rounds(run) % 2).toBe(0);
    const oneLess: Run = { ...run, trials: run.trials.slice(0, -4) };
    const before = startUp(oneLess).interval!;
    expect(Math.sqrt(before.high / before.low) - 1).toBeGreaterThan(0.05);
  });

  test('makes the trials of its plan even where fewer would do', () => {
    expect(rounds(simulate({ seed: 2, noise: 0.0001, trials: 18 }))).toBe(18);
  });

  test('ends after 100 rounds where noise puts the precision out of reach', () => {
    expect(rounds(simulate({ seed: 3, noise: 2, precision: 0.01 }))).toBe(100);
  });

  test('needs more rounds for more precision', () => {
    expect(rounds(simulate({ seed: 4, precision: 0.03 }))).toBeGreaterThan(
      rounds(simulate({ seed: 4, precision: 0.1 })),
    );
  });
});

describe('the pace', () => {
  const plan = fakeRecord().plan;
  const paceOf = (changes: Partial<Plan>, agoMs = 0) => {
    const run: Run = { ...fakeRecord(), plan: { ...plan, warmups: 0, ...changes }, trials: [] };
    const turns = schedule(run.plan, roundsOf(run.plan)).flat();
    return { pace: new Pace(run, performance.now() - agoMs), turns };
  };

  test('knows all turns of a plan without a wanted precision', () => {
    const { pace, turns } = paceOf({ trials: 3 });
    expect(pace.of).toBe(6);
    expect(turns.map(({ round }) => pace.isOver(round))).toEqual(Array(6).fill(false));
    expect(pace.of).toBe(6);
  });

  test('counts further rounds as they come to be needed', () => {
    const { pace, turns } = paceOf({ trials: 2, precision: 0.01 });
    expect(pace.of).toBe(4);
    expect(turns.some(({ round }) => round === 2)).toBe(true);
    pace.isOver(2);
    expect([4, 8]).toContain(pace.of);
  });

  test('lets the first round begin however long the preparation took, and no other', () => {
    const { pace, turns } = paceOf({ trials: 2, budgetMs: 1000 }, 5000);
    expect(turns.map(({ round }) => pace.isOver(round))).toEqual([false, false, true, true]);
  });
});
