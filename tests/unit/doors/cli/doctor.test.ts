import { describe, expect, test } from 'vitest';
import { explain } from '../../../../main/contract/messages';
import { Run } from '../../../../main/contract/run/run';
import { makeReport } from '../../../../main/engine/report/report';
import { tare, type Circumstances } from '../../../support/commandLine';
import { healthy } from '../../../support/fakes/fakeAnswers';
import { fakeRun } from '../../../support/fakes/fakeRun';

const noKernel = { code: 'kernel-missing' as const, folder: '/cache/kernel' };

test('doctor names the remedy of a target that is missing although every check is well', async () => {
  const report = {
    ...healthy,
    targets: [...healthy.targets, { id: 'vm:micro', available: false, why: noKernel }],
  };
  for (const locale of ['en', 'zh-CN'] as const) {
    const { code, stdout } = await tare(`doctor --lang ${locale}`, { doctor: report });
    expect(code).toBe(0); // the main comparison can be run
    expect(stdout).toContain(explain(locale, noKernel).what);
    expect(stdout).toContain('tare guest build --kernel minimal');
  }
});

describe('doctor --noise', () => {
  const measured: Circumstances = {
    ending: (run) => {
      const noisy = { ...fakeRun({ preset: 'noise' }), id: run.id };
      Object.assign(run, noisy, { report: makeReport(noisy, []) });
    },
  };

  test('runs a container against itself and says what this machine can tell apart', async () => {
    const { code, stdout, engine } = await tare('doctor --noise', measured);
    expect(code).toBe(0);
    expect(engine.inputs.startRun).toMatchObject({ plan: { targets: ['container', 'container#2'] } });
    expect(stdout).toMatch(/against itself, 10 times: no difference in start-up/);
    expect(stdout).toMatch(/Noise floor[^]*time to ready +10/);
  });

  test('--json holds the run beside the report', async () => {
    const json = JSON.parse((await tare('doctor --noise --json', measured)).stdout) as {
      noise: Run;
      checks: [];
    };
    expect(json.checks.length).toBeGreaterThan(0);
    expect(Run.parse(json.noise).plan.name).toBe('noise');
  });

  test('a run that could not be made is told with its reason', async () => {
    const failure = { code: 'docker-unreachable' as const, tried: [] };
    const { code, stderr } = await tare('doctor --noise', {
      ending: (run) => Object.assign(run, { state: 'failed', failure }),
    });
    expect(code).toBe(3);
    expect(stderr).toContain('No container engine answers');
  });
});
