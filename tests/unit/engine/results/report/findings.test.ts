import { describe, expect, test } from 'vitest';
import { isMessageKey } from '../../../../../main/contract/messages';
import type { Trial } from '../../../../../main/contract/run/run';
import { fakeReportedRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { chartOf } from '../../../../support/fakes/reports';

const MiB = 1024 ** 2;
const titleOf = (id: string, options: FakeRunOptions) => {
  const { title, what } = fakeReportedRun(options).report.charts.find((chart) => chart.id === id)!;
  return { ...title, what };
};
const shareOf = ({ facts }: ReturnType<typeof titleOf>) => (facts.share as { percent: number }).percent;

/** Guests tell that the application uses so much of their memory. */
const guestApplication = (bytes: number) => (trial: Trial) => {
  if (trial.target === 'vm:direct') trial.memory.inside = [{ part: 'guest-application', bytes }];
};

describe('the title of a chart', () => {
  test.each(['memory', 'start-up', 'phases', 'memory-over-time', 'disk'])(
    'says what %s is where nothing stands out, and is a text',
    (id) => {
      for (const { title, what } of fakeReportedRun().report.charts) {
        expect(isMessageKey(title.key)).toBe(true);
        if (what) expect(what.key).toMatch(/^chart\./);
      }
      expect(titleOf(id, {}).key).toMatch(/^(chart|finding)\./);
    },
  );

  test('tells how much of a VM’s memory is not the application’s, where that is most of it', () => {
    const hosts = (options: FakeRunOptions) =>
      chartOf(fakeReportedRun(options).report, 'memory', 'bars').bars[1]!.values.reduce<number>(
        (sum, value) => sum + (value ?? 0),
        0,
      );
    const options = { change: guestApplication(20 * MiB) };
    const title = titleOf('memory', options);
    expect(title).toMatchObject({ key: 'finding.memory.vm', what: { key: 'chart.memory' } });
    expect(shareOf(title) / 100).toBeCloseTo(1 - (20 * MiB) / hosts(options), 1);
    expect(titleOf('memory', { change: guestApplication(150 * MiB) }).key).toBe('chart.memory');
    expect(titleOf('memory', {}).key).toBe('chart.memory'); // a guest that does not tell
  });

  test('tells how much of a container’s memory is its helpers’, where it is alone', () => {
    const title = titleOf('memory', { plan: { targets: ['container'] } });
    expect(title.key).toBe('finding.memory.container'); // 3.1 MiB of its own, 7.1 of shim and proxies
    expect(shareOf(title)).toBeGreaterThan(65);
    expect(shareOf(title)).toBeLessThan(75);
  });

  test('names the stretch that most of a VM’s start goes into, with its share', () => {
    const title = titleOf('phases', {});
    expect(title).toMatchObject({ key: 'finding.phases', facts: { stretch: { words: 'stretch.kernel' } } });
    const row = chartOf(fakeReportedRun().report, 'phases', 'spans').rows[1]!;
    const kernel = row.spans.find(({ stretch }) => stretch === 'kernel')!;
    expect(shareOf(title)).toBe(Math.round((100 * (kernel.toMs - kernel.fromMs)) / row.spans.at(-1)!.toMs));
    const even = titleOf('phases', {
      change: (trial) => {
        const end = trial.phases.findIndex(({ name }) => name === 'ready');
        trial.phases = trial.phases.map((phase, at) => ({ ...phase, atMs: (at * trial.readyMs!) / end }));
      },
    });
    expect(even.key).toBe('chart.phases');
  });

  test('tells who starts later, but never of emulated VMs', () => {
    const slow = (trial: Trial) => {
      if (trial.target === 'vm:direct') trial.readyMs! *= 4;
    };
    const title = titleOf('start-up', { accelerator: 'kvm', plan: { trials: 8 }, change: slow });
    expect(title).toMatchObject({
      key: 'finding.start-up.differs',
      facts: { more: { words: 'answer.subject.vm:direct' } },
    });
    expect((title.facts.ratio as { times: number }).times).toBeGreaterThan(3);
    expect(titleOf('start-up', { plan: { trials: 8 }, change: slow }).key).toBe('chart.start-up');
  });

  test('tells that VMs’ kernel takes more disk than the application, only where it does', () => {
    const kernel = (bytes: number) => (trial: Trial) => {
      if (trial.target === 'vm:direct') trial.disk.kernelBytes = bytes;
    };
    expect(titleOf('disk', { change: kernel(57 * MiB) })).toMatchObject({
      key: 'finding.disk',
      facts: { kernel: { bytes: 57 * MiB }, image: { bytes: 1_413_120 } },
    });
    expect(titleOf('disk', { change: kernel(1 * MiB) }).key).toBe('chart.disk');
    expect(titleOf('disk', {}).key).toBe('chart.disk');
  });

  test('tells how much of what is reserved is used', () => {
    const title = titleOf('totals', { preset: 'three-apps' });
    expect(title).toMatchObject({ key: 'finding.totals', facts: { reserved: { bytes: 7 * 1024 * MiB } } });
    const bar = chartOf(fakeReportedRun({ preset: 'three-apps' }).report, 'totals', 'bars').bars[1]!;
    expect(shareOf(title)).toBe(Math.round((100 * bar.values[0]!) / bar.outline!));
  });
});
