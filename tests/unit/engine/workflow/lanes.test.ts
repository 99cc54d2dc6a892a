import { describe, expect, test } from 'vitest';
import type { WorkflowStep } from '../../../../main/contract/work/workflow';
import { seededRandom } from '../../../../main/engine/statistics/random';
import { laneSteps, type Seen } from '../../../../main/engine/workflow/lanes';

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
