import { describe, expect, test } from 'vitest';
import type { WorkflowLane, WorkflowStep } from '../../../../../main/contract/work/workflow';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { lanesOf, type Seen } from '../../../../../main/engine/inspect/workflow/lanes';

const laneSteps = (lane: WorkflowLane, all: Seen[], tookMs: number) => lanesOf([lane], all, tookMs)[0]!.steps;
const seen = (fromMs: number, toMs: number | undefined, rest: Partial<Seen> = {}): Seen => ({
  ...{ lane: 'daemon', name: 'network', facts: {}, seen: 'event', evidence: [], fromMs },
  ...(toMs !== undefined && { toMs }),
  ...rest,
});
const shape = (steps: WorkflowStep[]) => steps.map(({ name, fromMs, toMs }) => [name, fromMs, toMs]);
const sum = (steps: WorkflowStep[]) => steps.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0);

describe('a lane', () => {
  test('names the time in which nothing happens, before, between and after', () => {
    const steps = laneSteps('daemon', [seen(60, 80), seen(10, 30, { name: 'writable-layer' })], 100);
    expect(shape(steps)).toEqual([
      ['idle-daemon', 0, 10],
      ['writable-layer', 10, 30],
      ['idle-daemon', 30, 60],
      ['network', 60, 80],
      ['idle-daemon', 80, 100],
    ]);
    expect(steps.map(({ idle }) => idle)).toEqual([true, false, true, false, true]);
  });

  test('in which nobody did anything is waiting from beginning to end', () => {
    expect(shape(laneSteps('registry', [seen(0, 50)], 50))).toEqual([['idle-registry', 0, 50]]);
  });

  test('lets a step that overlaps another begin after it, and drops one that lies inside', () => {
    const steps = laneSteps('daemon', [seen(0, 50), seen(40, 60, { name: 'runtime' }), seen(10, 20)], 60);
    expect(shape(steps)).toEqual([
      ['network', 0, 50],
      ['runtime', 50, 60],
    ]);
  });

  test('shows a step that is not over yet up to now', () => {
    const steps = laneSteps('daemon', [seen(20, undefined)], 35);
    expect(steps.at(-1)).toMatchObject({ name: 'network', toMs: 35, growing: true });
  });

  test('keeps what was asked, and how to do the same', () => {
    const asked = { request: 'POST /containers/create', command: 'docker create web' };
    expect(laneSteps('daemon', [seen(0, 5, asked)], 5)[0]).toMatchObject(asked);
  });

  test('adds up to the whole without a hole, whatever was seen', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const tookMs = random() * 1000;
      const all = Array.from({ length: Math.floor(random() * 12) }, () => {
        const fromMs = random() * 1100;
        return seen(fromMs, random() < 0.1 ? undefined : fromMs + random() * 300);
      });
      const steps = laneSteps('daemon', all, tookMs);
      expect(sum(steps)).toBeCloseTo(tookMs, 6);
      for (const [at, step] of steps.entries()) {
        expect(step.fromMs).toBe(at === 0 ? 0 : steps[at - 1]!.toMs);
        expect(step.toMs).toBeGreaterThan(step.fromMs);
      }
    }
  });
});

describe('the parts of a build', () => {
  const own = { part: { kind: 'own' } } as const;
  const stage = (name: string) => ({ part: { kind: 'stage', name } }) as const;
  const parts = (all: Seen[]) =>
    lanesOf(['client', 'daemon', 'registry'], all, 100).map(({ lane, part, steps }) => [
      lane,
      part?.kind === 'stage' ? part.name : part?.kind,
      steps.filter(({ idle }) => !idle).map(({ fromMs, toMs }) => [fromMs, toMs]),
    ]);

  test('have lanes of their own below the daemon’s, in the order in which they began', () => {
    const all = [
      seen(0, 100),
      seen(20, 60, stage('two')),
      seen(10, 70, stage('one')),
      seen(80, 90, own),
      seen(70, 80, stage('two')),
    ];
    expect(parts(all)).toEqual([
      ['client', undefined, []],
      ['daemon', undefined, [[0, 100]]],
      ['daemon', 'own', [[80, 90]]],
      ['daemon', 'one', [[10, 70]]],
      [
        'daemon',
        'two',
        [
          [20, 60],
          [70, 80],
        ],
      ],
      ['registry', undefined, []],
    ]);
  });

  test('have as many lanes as it takes for no step to be shortened', () => {
    expect(parts([seen(0, 30, own), seen(10, 40, own), seen(30, 50, own)])).toEqual([
      ['client', undefined, []],
      ['daemon', undefined, []],
      [
        'daemon',
        'own',
        [
          [0, 30],
          [30, 50],
        ],
      ],
      ['daemon', 'own', [[10, 40]]],
      ['registry', undefined, []],
    ]);
  });

  test('show what took no time at all, since an earlier build had made it', () => {
    const cached = [seen(10, 10, stage('one')), seen(10, 10, stage('one')), seen(10, 20, stage('one'))];
    expect(parts(cached)[2]![2]).toEqual([
      [10, 10],
      [10, 10],
      [10, 20],
    ]);
  });
});
