import { describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import { signalRuns } from '../../../../main/doors/desktop/runSignals';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A run as the engine tells it, on a clock of ours. */
function stage(options: { focused?: boolean; locale?: 'en' | 'zh-CN' } = {}) {
  let tell: (event: TareEvent) => void = () => undefined;
  let nowMs = 0;
  const record = fakeRecord();
  const { plan, startedAt } = record;
  const fleet = { schemaVersion: 2 as const, id: '20261123-160000-cccc', startedAt, plan, hosts: [] };
  const progress: unknown[] = [];
  const notified: { title: string; body: string; run: string }[] = [];
  signalRuns({
    engine: {
      onEvent: (listener) => ((tell = listener), () => undefined),
      async record({ id }) {
        await Promise.resolve();
        if (id !== record.id && id !== fleet.id) throw new Error(id);
        return id === fleet.id ? fleet : record;
      },
    },
    progress: (share) => progress.push(share),
    notify: (words) => notified.push(words),
    focused: () => options.focused ?? false,
    locale: () => options.locale ?? 'en',
    nowMs: () => nowMs,
  });
  const [trial] = record.trials;
  /** Building a kit; with a state, the run ends there. */
  async function prepare(preparesMs: number, fails?: 'failed' | 'stopped'): Promise<void> {
    const kit = { step: 'kit-unpack', subject: 'x', elapsedMs: 0 } as const;
    tell({ kind: 'progress', run: record.id, progress: { ...kit, state: 'started' } });
    nowMs += preparesMs;
    if (fails) tell({ kind: 'run-ended', run: record.id, state: fails });
    await settled();
  }
  async function run(lastsMs: number, state: 'done' | 'failed' | 'stopped'): Promise<void> {
    tell({ kind: 'run-started', run: record.id, plan: record.plan, trials: 2 });
    tell({ kind: 'trial-ended', run: record.id, trial: trial!, warmup: false, done: 1, of: 2 });
    nowMs += lastsMs;
    tell({ kind: 'trial-ended', run: record.id, trial: trial!, warmup: false, done: 2, of: 2 });
    tell({ kind: 'run-ended', run: record.id, state });
    await settled();
  }
  async function together(): Promise<void> {
    const hosts = [{ name: 'bench1', way: 'ssh' as const }];
    tell({ kind: 'hosts-started', run: fleet.id, plan, hosts });
    nowMs += 60_000;
    tell({ kind: 'run-ended', run: fleet.id, state: 'done' });
    await settled();
  }
  function of(host: string, state: 'done' | 'failed'): void {
    tell({ kind: 'run-started', run: record.id, host, plan: record.plan, trials: 2 });
    nowMs += 60_000;
    tell({ kind: 'run-ended', run: record.id, host, state });
  }
  return { together, of, run, prepare, progress, notified, id: record.id };
}

it('shows how far a run is on the icon, and takes it away at the end', async () => {
  const { run, progress } = stage();
  await run(1000, 'done');
  expect(progress).toEqual(['busy', 0.5, 1, 'none']);
});

it('shows on the icon that a run is being prepared', async () => {
  const { prepare, run, progress } = stage();
  await prepare(60_000);
  expect(progress).toEqual(['busy']);
  await run(1000, 'done');
  expect(progress).toEqual(['busy', 0.5, 1, 'none']);
});

it('tells nothing of one host alone, as of one that has failed among many', async () => {
  const { of, progress, notified } = stage();
  of('bench1', 'failed');
  await settled();
  expect({ progress, notified }).toEqual({ progress: [], notified: [] });
});

describe('a notification', () => {
  it('comes at the end of a long run that nobody watches, in the language of the window', async () => {
    const { run, notified, id } = stage({ locale: 'zh-CN' });
    await run(20_000, 'done');
    expect(notified).toEqual([{ title: '快速对比', body: '运行已完成，报告已生成。', run: id }]);
  });

  it('names the plan of a run on several hosts too', async () => {
    const { together, notified } = stage();
    await together();
    expect(notified).toEqual([
      {
        title: 'Quick comparison',
        body: 'The run is over. The report is ready.',
        run: '20261123-160000-cccc',
      },
    ]);
  });

  it('says so when the run ended before it was complete', async () => {
    const { run, notified } = stage();
    await run(60_000, 'failed');
    expect(notified.map(({ body }) => body)).toEqual(['The run ended before it was complete.']);
  });

  it('counts the preparation, for which a person waits as well', async () => {
    const { prepare, run, notified } = stage();
    await prepare(60_000);
    await run(15_000, 'done');
    expect(notified).toHaveLength(1);
  });

  it('tells of a run that failed in its preparation, by its name', async () => {
    const { prepare, notified, id } = stage();
    await prepare(60_000, 'failed');
    expect(notified).toEqual([
      { title: 'Quick comparison', body: 'The run ended before it was complete.', run: id },
    ]);
  });

  it.each([
    ['the run was short', { focused: false }, 19_999, 'done'],
    ['the person is looking', { focused: true }, 60_000, 'done'],
    ['the person stopped it', { focused: false }, 60_000, 'stopped'],
  ] as const)('does not come when %s', async (_, options, lastsMs, state) => {
    const { run, notified } = stage(options);
    await run(lastsMs, state);
    expect(notified).toEqual([]);
  });
});
