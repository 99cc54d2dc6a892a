import { describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import { signalRuns } from '../../../../main/doors/desktop/runSignals';
import { fakeRecord } from '../../../support/fakeEngine';

/** A run as the engine tells it, on a clock of ours. */
function stage(options: { focused?: boolean; locale?: 'en' | 'zh-CN' } = {}) {
  let tell: (event: TareEvent) => void = () => undefined;
  let nowMs = 0;
  const progress: unknown[] = [];
  const notified: { title: string; body: string; run: string }[] = [];
  signalRuns({
    engine: { onEvent: (listener) => ((tell = listener), () => undefined) },
    progress: (share) => progress.push(share),
    notify: (words) => notified.push(words),
    focused: () => options.focused ?? false,
    locale: () => options.locale ?? 'en',
    nowMs: () => nowMs,
  });
  const record = fakeRecord();
  const [trial] = record.trials;
  function run(lastsMs: number, state: 'done' | 'failed' | 'stopped'): void {
    tell({ kind: 'run-started', run: record.id, plan: record.plan, trials: 2 });
    tell({ kind: 'trial-ended', run: record.id, trial: trial!, warmup: false, done: 1, of: 2 });
    nowMs += lastsMs;
    tell({ kind: 'trial-ended', run: record.id, trial: trial!, warmup: false, done: 2, of: 2 });
    tell({ kind: 'run-ended', run: record.id, state });
  }
  return { run, progress, notified, id: record.id };
}

it('shows how far a run is on the icon, and takes it away at the end', () => {
  const { run, progress } = stage();
  run(1000, 'done');
  expect(progress).toEqual(['busy', 0.5, 1, 'none']);
});

describe('a notification', () => {
  it('comes at the end of a long run that nobody watches, in the language of the window', () => {
    const { run, notified, id } = stage({ locale: 'zh-CN' });
    run(20_000, 'done');
    expect(notified).toEqual([{ title: '快速一览', body: '运行已完成，报告已生成。', run: id }]);
  });

  it('says so when the run ended before it was complete', () => {
    const { run, notified } = stage();
    run(60_000, 'failed');
    expect(notified.map(({ body }) => body)).toEqual(['The run ended before it was complete.']);
  });

  it.each([
    ['the run was short', { focused: false }, 19_999, 'done'],
    ['the person is looking', { focused: true }, 60_000, 'done'],
    ['the person stopped it', { focused: false }, 60_000, 'stopped'],
  ] as const)('does not come when %s', (_, options, lastsMs, state) => {
    const { run, notified } = stage(options);
    run(lastsMs, state);
    expect(notified).toEqual([]);
  });
});
