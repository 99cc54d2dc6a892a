import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import type { Claim } from '../../../../../main/contract/report/report';
import type { Run } from '../../../../../main/contract/run/run';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { fakeRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';

const gibibyte = 1024 ** 3;

const evidence: Run['evidence'] = {
  isolation: [
    { target: 'container', same: ['kernel', 'boot'], apart: ['processes', 'hostname'] },
    { target: 'vm:direct', same: [], apart: ['kernel', 'boot', 'processes', 'hostname'] },
  ],
  build: { reference: 'tare/folder-starter:1', digest: 'sha256:1', bytes: 2_000_000, tookMs: 140 },
  missing: [],
};

function claims(options: FakeRunOptions = {}, change: (run: Run) => void = () => undefined) {
  const run = fakeRun({ preset: 'claims', accelerator: 'kvm', ...options });
  run.evidence = evidence;
  change(run);
  const report = makeReport(run, []);
  const by = Object.fromEntries(report.claims!.map((claim) => [claim.id, claim]));
  return { report, run, by: by as Record<Claim['id'], Claim> };
}
const isFull = (trial: Run['trials'][number]) => trial.target === 'vm:full';

describe('the claims of the article', () => {
  test('each get a verdict with figures, and the same sentence stands among the verdicts', () => {
    const { report, by } = claims();
    expect(Object.keys(by)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7']);
    for (const claim of Object.values(by)) {
      expect(claim.figures.length).toBeGreaterThan(0);
      const verdict = report.verdicts.find(({ id }) => id === `claim ${claim.id}`)!;
      expect(verdict.text).toEqual(claim.text);
      if (claim.chart !== undefined) expect(report.charts.map(({ id }) => id)).toContain(claim.chart);
    }
  });

  test('have words without open facts in both languages, whatever was measured', () => {
    const runs = [
      claims(),
      claims({ accelerator: 'tcg' }),
      claims({}, (run) => (run.trials = run.trials.filter((trial) => !isFull(trial)))),
      claims({}, (run) => {
        run.trials = run.trials.filter(({ target }) => target === 'container');
        delete run.evidence;
      }),
      claims({}, (run) => (run.trials = run.trials.filter(({ target }) => target === 'container'))),
      claims({}, (run) => {
        run.trials.filter(isFull).forEach((trial) => {
          trial.disk.vmDiskBytes = 30 * gibibyte;
          trial.memory.hostBytes = 3 * gibibyte;
        });
      }),
    ];
    for (const { report } of runs)
      for (const { says, text, figures, remedy, weakenedBy = [] } of report.claims!)
        for (const locale of locales)
          for (const one of [
            says,
            text,
            ...weakenedBy,
            ...(remedy ? [remedy] : []),
            ...figures.map((f) => f.label),
          ])
            expect(say(locale, one)).not.toMatch(/\{\w+\}|^[a-z]+\.[\w.-]+$/i);
  });

  test('the twist: what is added up are limits, and what the host gives is less', () => {
    const { by, run } = claims();
    expect(by.C3.standing).toBe('partly');
    const figure = (name: string) =>
      by.C3.figures.find(({ label }) => label.key === `claim.figure.${name}`)!.value;
    expect(figure('vms-reserved')).toBe(7 * gibibyte);
    const last = run.trials.filter(({ target, index }) => target === 'vm:direct' && index === 1);
    const given = last.reduce((sum, { memory }) => sum + memory.hostBytes!, 0);
    expect(figure('vms-used') / given).toBeCloseTo(1, 1);
    expect(figure('times')).toBeCloseTo(figure('vms-used') / figure('containers-used'), 2);
  });

  test.each([
    [1, 'fails'],
    [30, 'holds'],
  ])('a full system of %i GiB makes “tens of GB” a claim that %s', (size, standing) => {
    const { by } = claims({}, (run) =>
      run.trials.filter(isFull).forEach(({ disk }) => (disk.vmDiskBytes = size * gibibyte)),
    );
    expect(by.C1.standing).toBe(standing);
  });

  test('an emulated VM is no judge of how slowly systems start', () => {
    const { by } = claims({ accelerator: 'tcg' });
    expect(by.C4.standing).toBe('unknown');
    expect(by.C4.weakenedBy!.map(({ key }) => key)).toContain('weakened.emulated-time');
  });

  test('slow start holds only for the full system where a direct boot is quick', () => {
    const { by } = claims({}, (run) => {
      for (const trial of run.trials)
        trial.readyMs = { container: 300, 'vm:direct': 500, 'vm:full': 9000 }[trial.target]!;
    });
    expect(by.C4.standing).toBe('partly');
  });

  const figureOf = (claim: Claim, name: string) =>
    claim.figures.find(({ label }) => label.key === `claim.figure.${name}`)?.value;

  test('a full system is held against the container with the same application, not against the mixture', () => {
    const { by } = claims({}, (run) => {
      for (const trial of run.trials)
        trial.readyMs = { web: 300, api: 9000, worker: 9000, system: 2000 }[trial.workload]!;
      for (const trial of run.trials.filter(({ target }) => target === 'vm:direct')) trial.readyMs = 500;
    });
    expect(figureOf(by.C4, 'container-ready')).toBeCloseTo(300, 6);
    expect(by.C4).toMatchObject({ standing: 'partly', text: { facts: { workloads: 'web', n: 3 } } });
  });

  test('where the full system ran something else, the claim about its start is half measured', () => {
    const { by } = claims({}, (run) => {
      run.plan.workloads.find(({ name }) => name === 'system')!.limits.cpus = 2;
    });
    expect(by.C4).toMatchObject({ standing: 'unknown', text: { key: 'verdict.claim.C4.half' } });
  });

  test('containers and VMs are compared by the same applications in the same rounds', () => {
    const { by } = claims({}, (run) => {
      for (const trial of run.trials) {
        trial.memory.hostBytes = trial.target === 'container' ? 10 : 20;
        // only the container's share of this application was measured in the second round
        if (trial.workload === 'worker' && trial.target === 'container') trial.memory.hostBytes = 1000;
        if (trial.workload === 'worker' && trial.target === 'vm:direct') trial.outcome = 'failed';
        if (isFull(trial)) trial.memory.hostBytes = 1e9;
      }
    });
    expect(by.C6.text.facts).toMatchObject({ workloads: 'web, api', n: 6 });
    expect(figureOf(by.C6, 'container-memory')).toBeCloseTo(10, 6);
    expect(figureOf(by.C6, 'vm-memory')).toBeCloseTo(20, 6);
  });

  test('a claim about starts that nothing was warmed up for says so', () => {
    expect(claims().by.C4.weakenedBy!.map(({ key }) => key)).toContain('weakened.no-warmup');
    const warm = claims({ plan: { warmups: 1 } }).by.C4.weakenedBy ?? [];
    expect(warm.map(({ key }) => key)).not.toContain('weakened.no-warmup');
  });

  test('without a full system the claims about it are unknown, with what to do', () => {
    const { by } = claims({}, (run) => (run.trials = run.trials.filter((trial) => !isFull(trial))));
    for (const id of ['C1', 'C2'] as const) {
      expect(by[id]).toMatchObject({ standing: 'unknown', remedy: { key: 'claim.remedy.full' } });
    }
  });

  test('a single round claims nothing about differences, whatever it measured', () => {
    const { by } = claims({ plan: { trials: 1 } });
    for (const id of ['C2', 'C3', 'C4'] as const)
      expect(by[id]).toMatchObject({ standing: 'unknown', text: { key: `verdict.claim.${id}.unsure` } });
    expect(by.C6.text.key).toBe('verdict.claim.C6.as-unsure');
  });

  test('what is told of VMs and containers has its interval beside it', () => {
    const { by } = claims();
    for (const { text } of [by.C3, by.C4, by.C6])
      expect(say('en', text)).toMatch(/95 % intervals? [\d.]+ × – [\d.,]+ ×/);
    expect(say('en', by.C2.text)).toMatch(/95 % interval [\d.]+ MiB – [\d.]+ MiB/);
  });

  test('a slowness that the trials leave open is not called', () => {
    const { by } = claims({}, (run) => {
      const scatter = [0.5, 1, 2.2];
      for (const trial of run.trials)
        trial.readyMs = trial.target === 'container' ? 300 : 1000 * scatter[trial.index]!;
    });
    expect(by.C4).toMatchObject({ standing: 'unknown', text: { key: 'verdict.claim.C4.unsure' } });
  });

  test('a container with a kernel of its own does not share one', () => {
    const { by } = claims({}, (run) => {
      run.evidence = { ...evidence, isolation: [{ target: 'container', same: [], apart: ['kernel'] }] };
    });
    expect(by.C5.standing).toBe('fails');
  });
});

test('a run that was not made for the claims has none', () => {
  expect(makeReport(fakeRun(), []).claims).toBeUndefined();
});

describe('conditions that weaken', () => {
  const verdictOf = (change: (run: Run) => void, start: string) => {
    const run = fakeRun({ accelerator: 'kvm', plan: { trials: 8 } });
    change(run);
    return makeReport(run, []).verdicts.find(({ id }) => id.startsWith(start))!;
  };
  const keys = (change: (run: Run) => void, start: string) =>
    (verdictOf(change, start).weakenedBy ?? []).map(({ key }) => key);

  test('are attached to what they weaken, and to nothing else', () => {
    const battery = (run: Run) => {
      run.environment.host = { ...run.environment.host, onBattery: true, virtualisation: 'none' };
    };
    expect(keys(battery, 'start-up ')).toEqual(['weakened.battery']);
    expect(keys(battery, 'memory ')).toEqual([]);
    const swap = (run: Run) => {
      run.environment.host = {
        ...run.environment.host,
        swapUsedBytes: gibibyte,
        ksm: true,
        virtualisation: 'none',
      };
    };
    expect(keys(swap, 'memory ')).toEqual(['weakened.swap', 'weakened.ksm']);
    expect(keys(swap, 'start-up ')).toEqual([]);
  });

  test('a quiet computer of its own weakens nothing', () => {
    const quiet = (run: Run) => void (run.environment.host.virtualisation = 'none');
    expect(verdictOf(quiet, 'start-up ').weakenedBy).toBeUndefined();
  });
});
