import { describe, expect, test } from 'vitest';
import { explain } from '../../../../main/contract/messages';
import type { Check } from '../../../../main/contract/machine';
import { Run } from '../../../../main/contract/run/run';
import type { TestBoot } from '../../../../main/contract/run/testBoot';
import { makeReport } from '../../../../main/engine/results/report/report';
import { tare, type Circumstances } from '../../../support/commandLine';
import { healthy } from '../../../support/fakes/fakeAnswers';
import { fakeRun } from '../../../support/fakes/fakeRun';

/** Lines are wrapped where they happen to end. */
const squeezed = (text: string): string => text.replace(/\s+/g, '');

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

describe('an accelerator that does not work', () => {
  const boot = (accelerator: string, of: Partial<TestBoot>): TestBoot => ({
    accelerator,
    commandLine: `qemu-system-x86_64 -accel ${accelerator}`,
    result: 'works',
    exit: 'exit 85',
    output: '',
    tookMs: 170,
    ...of,
  });
  const broken: Check = {
    name: 'accelerator',
    standing: 'warning',
    found: { key: 'check.accelerator.failed', facts: { tried: 'KVM' } },
    remedy: { key: 'acceleration.broken', facts: {} },
    boots: [
      boot('kvm', {
        result: 'failed',
        exit: 'signal SIGABRT',
        output: 'failed to set MSR 0x10a',
        tookMs: 28,
      }),
      boot('tcg', {}),
    ],
  };
  const circumstances = { doctor: { ...healthy, checks: [...healthy.checks, broken] } };

  test('is told with what QEMU said and with what helps', async () => {
    const { code, stdout } = await tare('doctor', circumstances);
    expect(code).toBe(0);
    expect(stdout).toContain('failed to set MSR 0x10a');
    expect(squeezed(stdout)).toContain(squeezed('sudo dmesg | grep -i kvm'));
    expect(stdout).not.toContain('-accel kvm');
  });

  test('--verbose tells every test boot: command, end, time and words', async () => {
    for (const locale of ['en', 'zh-CN']) {
      const { stdout } = await tare(`doctor --verbose --lang ${locale}`, circumstances);
      for (const { accelerator, commandLine, exit, tookMs } of broken.boots!) {
        expect(stdout).toContain(accelerator.toUpperCase());
        expect(stdout).toContain(commandLine);
        expect(stdout).toContain(exit);
        expect(stdout).toContain(`${tookMs}`);
      }
      expect(stdout.split('failed to set MSR 0x10a').length).toBe(3); // with the check, and in the log
    }
  });
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
    expect(stdout).toMatch(/compared with itself, 10 times: no difference in start-up/);
    expect(stdout).toMatch(/Measuring noise[^]*time to ready +10/);
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
