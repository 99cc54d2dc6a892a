import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { isMessageKey, say } from '../../../../../main/contract/messages';
import { Report, type Message } from '../../../../../main/contract/report/report';
import type { Trial } from '../../../../../main/contract/run/run';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { median } from '../../../../../main/engine/results/statistics/summary';
import { fakeReportedRun, fakeRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { cellOf, chartOf, read, rowsOf, verdictsOf } from '../../../../support/fakes/reports';

describe('the tables', () => {
  const run = fakeReportedRun({ preset: 'three-apps', plan: { trials: 5 } });
  const { report } = run;

  test('come containers first, in the order of the plan', () => {
    expect(rowsOf(report, 'start-up').map(({ workload, target }) => `${workload} ${target}`)).toEqual([
      'web container',
      'web vm:direct',
      'api container',
      'api vm:direct',
      'worker container',
      'worker vm:direct',
    ]);
    const turned = fakeReportedRun({ preset: 'three-apps', plan: { targets: ['vm:direct', 'container'] } });
    expect(rowsOf(turned.report, 'totals').map(({ target }) => target)).toEqual(['container', 'vm:direct']);
  });

  test('climb the ladder, from the plain process to the full system', () => {
    const rungs = [
      'process',
      'container',
      'container:crun',
      'vm:snapshot',
      'vm:micro',
      'vm:direct',
      'vm:full',
    ];
    const turned = fakeReportedRun({ preset: 'quick', plan: { targets: [...rungs].reverse() } });
    expect(rowsOf(turned.report, 'start-up').map(({ target }) => target)).toEqual(rungs);
    expect(rowsOf(turned.report, 'ratios-readyMs').find(({ ratio }) => ratio === 1)!.target).toBe(
      'container',
    );
  });

  test('hold what one computes from the trials', () => {
    for (const row of rowsOf(report, 'start-up')) {
      const ready = read(run.trials, String(row.workload), String(row.target), (trial) => trial.readyMs);
      expect(row).toMatchObject({ n: 5, readyMs: median(ready) });
    }
    for (const row of rowsOf(report, 'memory')) {
      const of = (pick: (trial: Trial) => number | undefined) => {
        const values = read(run.trials, String(row.workload), String(row.target), pick);
        return values.length > 0 ? median(values) : null;
      };
      expect(row).toMatchObject({
        reservedBytes: of(({ memory }) => memory.reservedBytes),
        hostBytes: of(({ memory }) => memory.hostBytes),
        guestUsedBytes: of(({ memory }) => memory.guestUsedBytes),
        firstBytes: of(({ memory }) => memory.hostBytes! + memory.sharedFileBytes!),
        fileBytes: of(({ memory }) => memory.fileBytes),
      });
    }
    for (const row of rowsOf(report, 'parts')) {
      const shim = read(
        run.trials,
        String(row.workload),
        String(row.target),
        ({ memory }) => memory.parts.find(({ part }) => part === 'shim')?.bytes,
      );
      expect(row['part.shim']).toBe(shim.length > 0 ? median(shim) : null);
    }
  });

  test('compare with the container, whose own ratio is 1, by figures of that quotient', () => {
    for (const figure of ['readyMs', 'hostBytes'] as const) {
      const [container, vm] = rowsOf(report, `ratios-${figure}`);
      expect(container!.ratio).toBe(1);
      expect(Number(vm![figure]) / Number(container![figure]) / Number(vm!.ratio)).toBeCloseTo(1, 12);
      const { interval } = cellOf(report, `ratios-${figure}`, 1, 'ratio');
      expect(interval!.low).toBeLessThan(Number(vm!.ratio));
      expect(interval!.high).toBeGreaterThan(Number(vm!.ratio));
    }
    expect(report.tables.find(({ id }) => id === 'start-up')!.columns.map(({ id }) => id)).not.toContain(
      'ratio',
    );
  });

  test('have no interval of what the host lost beyond the memory that this computer has', () => {
    const noisy = fakeRun({ preset: 'three-apps', plan: { trials: 3 } });
    for (const round of noisy.rounds) round.hostChangeBytes! *= [0.01, 1, 40][round.index]!;
    const made = makeReport(noisy, []);
    const most = noisy.environment.host.memoryBytes!;
    for (const at of [0, 1])
      for (const column of ['hostChangeBytes', 'residualBytes']) {
        const { interval } = cellOf(made, 'totals', at, column);
        expect(interval?.low ?? 0).toBeGreaterThanOrEqual(-most);
        expect(interval?.high ?? 0).toBeLessThanOrEqual(most);
      }
  });

  test('add up what was up at the same time, and close the books', () => {
    for (const row of rowsOf(report, 'totals')) {
      const rounds = [0, 1, 2, 3, 4].map((index) =>
        run.trials
          .filter((trial) => trial.target === row.target && trial.index === index)
          .reduce((sum, { memory }) => sum + memory.hostBytes!, 0),
      );
      const left = rounds.map(
        (bytes, index) =>
          run.rounds.find((round) => round.target === row.target && round.index === index)!.hostChangeBytes! -
          bytes,
      );
      expect(row).toMatchObject({
        n: 5,
        instances: 3,
        reservedBytes: 7 * 1024 ** 3,
        hostBytes: median(rounds),
        residualBytes: median(left),
      });
    }
  });

  test('take the phases up to the first good answer, and they add up', () => {
    const phases = rowsOf(report, 'phases').filter(
      ({ workload, target }) => workload === 'web' && target === 'container',
    );
    expect(phases.map(({ phase }) => phase)).toEqual(['created', 'started', 'ready']);
    const { readyMs } = rowsOf(report, 'ratios-readyMs')[0]!;
    expect(phases.at(-1)!.atMs).toBeCloseTo(Number(readyMs), 6);
    expect(phases.reduce((sum, { tookMs }) => sum + Number(tookMs), 0)).toBeCloseTo(Number(readyMs));
  });

  test('leave out a phase that only a few trials reached: it would stand among medians of other trials', () => {
    const names = (share: number) => {
      const { report } = fakeReportedRun({
        plan: { trials: 4 },
        change: (trial) => {
          if (trial.index < share * 4) trial.phases.splice(1, 0, { name: 'asked', atMs: 1 });
        },
      });
      return new Set(rowsOf(report, 'phases').map(({ phase }) => phase));
    };
    expect(names(0.5).has('asked')).toBe(false);
    expect(names(0.75).has('asked')).toBe(true);
  });
});

describe('a figure that could not be read', () => {
  test('is missing, not 0, and the others stand', () => {
    const { report } = fakeReportedRun({
      plan: { trials: 4 },
      change: (trial) => {
        if (trial.target === 'container') {
          delete trial.memory.hostBytes;
          trial.memory.parts = [];
          trial.memory.missing.push({ what: 'pss', reason: 'EACCES' });
        }
        if (trial.target === 'vm:direct' && trial.index === 0) delete trial.memory.hostBytes;
      },
    });
    const [container, vm] = rowsOf(report, 'memory');
    expect(container).toMatchObject({ n: 0, hostBytes: null });
    expect(vm).toMatchObject({ n: 3 });
    expect(rowsOf(report, 'ratios-hostBytes').map(({ ratio }) => ratio)).toEqual([null, null]);
    expect(verdictsOf(report, 'memory')).toEqual([]);
    expect(chartOf(report, 'memory', 'bars').bars[0]).toMatchObject({
      values: [null, null, null],
      points: [],
    });
  });

  test('keeps a round out of the sums', () => {
    const { report } = fakeReportedRun({
      preset: 'three-apps',
      change: (trial) => {
        if (trial.id === 'api/vm:direct/1') delete trial.memory.hostBytes;
      },
    });
    expect(rowsOf(report, 'totals').map(({ n }) => n)).toEqual([3, 2]);
  });
});

describe('failed trials', () => {
  const failing: FakeRunOptions = {
    plan: { trials: 3 },
    change: (trial) => {
      if (trial.target !== 'vm:direct' || trial.index !== 1) return;
      trial.outcome = 'timeout';
      trial.failure = {
        code: 'not-ready',
        waitedMs: 60_000,
        lastPhase: 'kernel',
        lastAnswer: 'ECONNREFUSED',
      };
      trial.phases = trial.phases.slice(0, 4);
      delete trial.readyMs;
    },
  };

  test('do not count, and are listed', () => {
    const { report } = fakeReportedRun(failing);
    expect(rowsOf(report, 'start-up').map(({ n }) => n)).toEqual([3, 2]);
    expect(rowsOf(report, 'failures')).toEqual([
      {
        workload: 'web',
        target: 'vm:direct',
        round: 1,
        outcome: 'timeout',
        code: 'not-ready',
        phase: 'kernel',
      },
    ]);
    expect(verdictsOf(report, 'failed')[0]!.text.facts).toEqual({ failed: 1, all: 6 });
  });

  test('leave nothing to claim when there are no others', () => {
    const { report } = fakeReportedRun({
      change: (trial) => {
        trial.outcome = 'failed';
        trial.failure = { code: 'kit-missing', folder: '/x' };
      },
    });
    expect(report.tables.map(({ id }) => id)).toEqual(['failures']);
    expect(report.verdicts.map(({ id }) => id)).toEqual([
      'emulated',
      'failed',
      'trial-failed web container kit-missing',
      'trial-failed web vm:direct kit-missing',
    ]);
    expect(verdictsOf(report, 'trial-failed web container kit-missing')[0]!.text.facts).toEqual({
      workload: 'web',
      target: { target: 'container' },
      why: { failure: { code: 'kit-missing', folder: '/x' } },
    });
    expect(report.charts).toEqual([]);
  });

  test('of a whole target still leave the other side told', () => {
    const { report } = fakeReportedRun({
      change: (trial) => {
        if (trial.target === 'vm:direct') trial.outcome = 'failed';
      },
    });
    expect(rowsOf(report, 'start-up')).toMatchObject([{ n: 3 }, { n: 0, readyMs: null }]);
    expect(report.tables.some(({ id }) => id.startsWith('ratios'))).toBe(false);
    expect(verdictsOf(report, 'start-up')).toEqual([]);
    expect(verdictsOf(report, 'unequal')).toEqual([]);
  });
});

test.each([
  { preset: 'quick' },
  { preset: 'three-apps' },
  { preset: 'startup', accelerator: 'kvm' as const },
])('everything of $preset is valid, deterministic, and has words in both languages', (options) => {
  const { report } = fakeReportedRun(options);
  expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(fakeReportedRun(options).report).toEqual(report);
  const messages: Message[] = [];
  JSON.stringify(report, (_, value: unknown) => {
    if (value && typeof value === 'object' && 'key' in value && 'facts' in value)
      messages.push(value as Message);
    return value;
  });
  expect(messages.length).toBeGreaterThan(30);
  for (const text of messages) {
    expect(text.key).toSatisfy(isMessageKey);
    for (const locale of locales) expect(say(locale, text)).not.toMatch(/\{\w+\}/);
  }
});
