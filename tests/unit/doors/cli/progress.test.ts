import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Locale } from '../../../../main/contract/appearance';
import type { TareEvent } from '../../../../main/contract/events';
import { noExperience, type Experience } from '../../../../main/contract/planning';
import { canRedraw, Progress } from '../../../../main/doors/cli/progress';
import { Screen } from '../../../../main/doors/cli/terminal/screen';
import { widthOf } from '../../../../main/doors/cli/terminal/layout';
import { fakeRecord, okTrial } from '../../../support/fakes/fakeAnswers';
import { played } from '../../../support/readers/terminal';

const run = '20260801-120000-0001';
const { plan } = fakeRecord();

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start({
    live = false,
    columns = 80,
    locale = 'en',
    experience,
  }: { live?: boolean; columns?: number; locale?: Locale; experience?: Experience } = {}) {
    let written = '';
    const sink = { write: (text: string) => (written += text), ...(live && { isTTY: true, columns }) };
    let nowMs = 0;
    const progress = new Progress(new Screen(sink, locale, { NO_COLOR: '1' }), live, experience, () => nowMs);
    return {
      progress,
      written: () => written,
      pass: (ms: number) => {
        nowMs += ms;
        vi.advanceTimersByTime(ms);
      },
    };
  }

  const step = (state: 'started' | 'moving' | 'done', elapsedMs: number, share?: number): TareEvent => ({
    kind: 'progress',
    run,
    progress: {
      step: 'pull-image',
      subject: 'nginx:1',
      state,
      elapsedMs,
      ...(share !== undefined && { share }),
    },
  });
  const trial = okTrial('web', 'vm:direct', 0, 812);
  const begun: TareEvent[] = [
    { kind: 'run-started', run, plan, trials: 4 },
    {
      kind: 'trial-started',
      run,
      trial: trial.id,
      workload: 'web',
      target: 'vm:direct',
      index: 0,
      warmup: false,
      startMs: 0,
    },
  ];

  test('without a terminal each step and trial is one plain line', () => {
    const { progress, written, pass } = start();
    const events: TareEvent[] = [
      step('started', 0),
      step('moving', 500, 0.5),
      step('done', 2100),
      ...begun,
      { kind: 'phase', run, trial: trial.id, phase: { name: 'kernel', atMs: 300 } },
      { kind: 'trial-ended', run, trial, warmup: false, done: 1, of: 4 },
      { kind: 'warning', run, text: { key: 'The machine is busy', facts: {} } },
      { kind: 'run-ended', run, state: 'done' },
    ];
    events.slice(0, 2).forEach((event) => progress.take(event));
    pass(1500);
    events.slice(2).forEach((event) => progress.take(event));
    expect(written().split('\n')).toEqual(
      [
        '… Pulling the image  nginx:1',
        '✓ Pulling the image  nginx:1  2.10 s',
        '✓ 1/4  web · VM (direct boot)            ready after 812 ms  812 MiB',
        '! The machine is busy',
        '',
      ].map((line) => line.replace('2100', '2,100')),
    );
  });

  test('without a terminal a short step leaves no line at all', () => {
    const { progress, written, pass } = start();
    progress.take(step('started', 0));
    pass(900);
    progress.take(step('done', 150));
    pass(5000);
    expect(written()).toBe('');
  });

  test('a failed trial is marked and named', () => {
    const { progress, written } = start();
    progress.take({
      kind: 'trial-ended',
      run,
      trial: { ...trial, outcome: 'timeout' },
      warmup: false,
      done: 1,
      of: 4,
    });
    expect(written()).toMatch(/^✗ 1\/4 {2}web · VM \(direct boot\) {2}timeout/);
  });

  test('on a terminal what is going on, the elapsed time, the share and the memory are redrawn in place', () => {
    const { progress, written, pass } = start({ live: true });
    progress.take(step('started', 0));
    progress.take(step('moving', 100, 0.434));
    pass(1000);
    expect(played(written()).join('\n')).toMatch(/Pulling the image {2}nginx:1 {2}43 % {2}1\.\d s/);
    begun.forEach((event) => progress.take(event));
    for (const [at, name] of (['start', 'spawned', 'qemu-ready', 'kernel'] as const).entries())
      progress.take({ kind: 'phase', run, trial: trial.id, phase: { name, atMs: 100 * at } });
    progress.take({
      kind: 'samples',
      run,
      samples: [{ kind: 'instance', trial: trial.id, atMs: 1, residentBytes: 64 * 1024 ** 2 }],
    });
    pass(1000);
    const shown = played(written());
    expect(shown.join('\n')).toMatch(/web · VM \(direct boot\) {2}booting the kernel {2}1\.0 s {2}64 MiB/);
    expect(shown.join('\n')).toMatch(/round 1 of 3 {2}░{20} {2}0:01/);
    expect(shown.join('\n')).not.toContain('left');
    expect(shown.join('\n')).not.toContain('Pulling');
  });

  test('tells how far the run is and how long it still takes, once that is known', () => {
    const instanceMs = { container: 1000, 'vm:direct': 10_000 };
    const { progress, written, pass } = start({ live: true, experience: { ...noExperience, instanceMs } });
    begun.forEach((event) => progress.take(event));
    pass(20_000);
    const shown = played(written()).join('\n');
    expect(shown).toMatch(/round 1 of 3 {2}▓+░+ {2}0:20 {2}about \d+:\d\d left/);
  });

  test('at the end nothing of the live lines is left, and what went wrong stays', () => {
    const { progress, written, pass } = start({ live: true });
    begun.forEach((event) => progress.take(event));
    pass(500);
    progress.take({ kind: 'trial-ended', run, trial, warmup: false, done: 1, of: 4 });
    const failed = { ...trial, outcome: 'timeout' as const };
    progress.take({ kind: 'trial-ended', run, trial: failed, warmup: false, done: 2, of: 4 });
    pass(500);
    progress.take({ kind: 'run-ended', run, state: 'done' });
    expect(played(written()).filter(Boolean)).toEqual([
      '✗ 2/4  web · VM (direct boot)            timeout  ready after 812 ms  812 MiB',
    ]);
    const length = written().length;
    pass(5000);
    expect(written()).toHaveLength(length);
  });

  test('live lines never reach the last column, Chinese included', () => {
    const { progress, written, pass } = start({ live: true, columns: 40, locale: 'zh-CN' });
    progress.take({
      kind: 'progress',
      progress: { step: 'pull-image', subject: '镜像'.repeat(30), state: 'started', elapsedMs: 0 },
    });
    pass(300);
    for (const line of played(written())) expect(widthOf(line)).toBeLessThan(40);
  });
});

test('only a terminal that a person watches is redrawn', () => {
  const screen = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
    new Screen({ write: () => {}, isTTY }, 'en', env);
  expect(canRedraw(screen(true, {}), {})).toBe(true);
  expect(canRedraw(screen(false, {}), {})).toBe(false);
  expect(canRedraw(screen(true, {}), { CI: 'true' })).toBe(false);
  expect(canRedraw(screen(true, { TERM: 'dumb' }), {})).toBe(false);
});
