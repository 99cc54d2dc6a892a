import { describe, expect, test } from 'vitest';
import { say } from '../../../../../main/contract/messages';
import { TargetId, withoutRepeat } from '../../../../../main/contract/targets';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { fakeRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { rowsOf, verdictsOf } from '../../../../support/fakes/reports';

const reportOf = (options: FakeRunOptions = {}) => makeReport(fakeRun({ preset: 'noise', ...options }), []);

describe('a target against itself', () => {
  test('is no different, and tells what could be seen', () => {
    const report = reportOf();
    const [ready, memory] = rowsOf(report, 'noise');
    expect(ready).toMatchObject({ workload: 'web', target: 'container', metric: 'readyMs', n: 10 });
    expect(memory).toMatchObject({ metric: 'hostBytes' });
    expect(ready!.itself).toBeCloseTo(1, 1);
    expect(ready!.resolution).toBeGreaterThan(0);
    expect(verdictsOf(report, 'noise').map(({ standing }) => standing)).toEqual(['holds', 'holds']);
    for (const locale of ['en', 'zh-CN'] as const)
      for (const { text } of verdictsOf(report, 'noise'))
        expect(say(locale, text)).not.toMatch(/\{|#2|verdict\./);
  });

  test('that differs from itself is a warning before everything else', () => {
    const report = reportOf({
      change: (trial) => trial.target === 'container#2' && (trial.readyMs! *= 1.3),
    });
    const [ready] = verdictsOf(report, 'noise readyMs');
    expect(ready!.standing).toBe('warning');
    expect(say('en', ready!.text)).toContain('differs from itself in start-up');
  });

  test('is a row of the tables, but no claim: nobody is told that a container beats a container', () => {
    const report = reportOf({ change: (trial) => trial.target === 'container#2' && (trial.readyMs! *= 1.3) });
    expect(rowsOf(report, 'start-up').map(({ target }) => target)).toEqual(['container', 'container#2']);
    expect(verdictsOf(report, 'start-up')).toEqual([]);
  });

  test('one trial a side gives no interval and no resolution', () => {
    const report = reportOf({ plan: { trials: 1 } });
    expect(rowsOf(report, 'noise')[0]!.resolution).toBeNull();
    expect(verdictsOf(report, 'noise')[0]!.standing).toBe('unclear');
  });

  test('works for VMs, beside a container that they are compared with', () => {
    const report = reportOf({ plan: { targets: ['container', 'vm:direct', 'vm:direct#2'] } });
    expect(rowsOf(report, 'noise').map(({ target }) => target)).toEqual(['vm:direct', 'vm:direct']);
    expect(verdictsOf(report, 'start-up').map(({ id }) => id)).toEqual(['start-up web vm:direct']);
  });

  test('a run without a second time has no noise table', () => {
    expect(rowsOf(reportOf({ preset: 'quick' }), 'noise')).toEqual([]);
  });
});

test('a wanted precision is told as reached or missed', () => {
  const standing = (precision: number) =>
    verdictsOf(reportOf({ plan: { precision } }), 'precision')[0]!.standing;
  expect(standing(1)).toBe('note');
  expect(standing(0.001)).toBe('unclear');
  expect(verdictsOf(reportOf({ preset: 'quick' }), 'precision')).toEqual([]);
});

test.each([
  ['container#2', 'container'],
  ['container:crun#2', 'container:crun'],
  ['vm:full#2', 'vm:full'],
  ['vm:direct', 'vm:direct'],
])('%s is %s a second time', (target, kind) => {
  expect(TargetId.parse(target)).toBe(target);
  expect(withoutRepeat(target)).toBe(kind);
});

test.each(['container#3', '#2', 'vm:#2', 'process#2'])('%s is no target', (target) =>
  expect(TargetId.safeParse(target).success).toBe(false),
);
