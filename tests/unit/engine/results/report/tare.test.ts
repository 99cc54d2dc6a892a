import { describe, expect, test } from 'vitest';
import { say } from '../../../../../main/contract/messages';
import type { Trial } from '../../../../../main/contract/run/run';
import { kindOf } from '../../../../../main/contract/targets';
import { fakeReportedRun, type FakeRunOptions } from '../../../../support/fakes/fakeRun';
import { cellOf, rowsOf, verdictsOf } from '../../../../support/fakes/reports';

const MiB = 1024 ** 2;
const parts = ['tare.helpers', 'tare.machine', 'tare.files', 'tare.emulator'] as const;

/** An application of so many MiB, which varies from round to round as much on either side; a container adds 6 MiB and a VM 171. */
const weigh =
  (needs: (trial: Trial) => number, insideVm = needs): FakeRunOptions['change'] =>
  (trial) => {
    const need = needs(trial) * MiB;
    const isVm = kindOf(trial.target) === 'vm';
    trial.memory.parts = isVm
      ? [
          { part: 'guest-ram', bytes: need + 75 * MiB },
          { part: 'vmm', bytes: 41 * MiB },
          { part: 'translation', bytes: 55 * MiB },
        ]
      : [
          { part: 'workload', bytes: need },
          { part: 'shim', bytes: 4 * MiB },
          { part: 'proxies', bytes: 2 * MiB },
        ];
    trial.memory.hostBytes = trial.memory.parts.reduce((sum, { bytes }) => sum + bytes, 0);
    if (isVm)
      trial.memory.inside = [
        { part: 'guest-application', bytes: insideVm(trial) * MiB },
        { part: 'guest-cache', bytes: 8 * MiB },
      ];
  };
const report = (needs: (trial: Trial) => number, more: Omit<FakeRunOptions, 'change'> = {}) =>
  fakeReportedRun({ change: weigh(needs), ...more }).report;

describe('the tare', () => {
  test.each([3, 8])(
    'is the same whatever the application takes, in parts that add up to it, %i rounds',
    (trials) => {
      for (const needs of [1, 80]) {
        const made = report(({ index }) => needs + (index % 3), { plan: { trials } });
        const rows = rowsOf(made, 'tare');
        expect(rows.map(({ target, tareBytes }) => [target, Math.round(Number(tareBytes) / MiB)])).toEqual([
          ['container', 6],
          ['vm:direct', 171],
        ]);
        for (const row of rows) {
          const sum = parts.reduce((all, part) => all + Number(row[part]), 0);
          expect(sum).toBeCloseTo(Number(row['tareBytes']), 0);
        }
        const vm = rows[1]!;
        expect(parts.map((part) => Math.round(Number(vm[part]) / MiB))).toEqual([0, 108, 8, 55]);
        expect(cellOf(made, 'tare', 1, 'tareBytes').interval).toBeDefined();
      }
    },
  );

  test('is below nothing where that was measured', () => {
    const lighter = fakeReportedRun({
      change: (trial) => {
        weigh(() => 20)!(trial);
        if (trial.target === 'vm:direct') trial.memory.hostBytes = 15 * MiB;
      },
    });
    expect(rowsOf(lighter.report, 'tare')[1]!['tareBytes']).toBeCloseTo(-5 * MiB, 0);
  });

  test('is not told where the application takes another amount in the guest', () => {
    const apart = fakeReportedRun({
      change: weigh(
        () => 40,
        () => 46,
      ),
    });
    const [, vm] = rowsOf(apart.report, 'tare');
    expect([vm!['tareBytes'], ...parts.map((part) => vm![part])]).toEqual([null, null, null, null, null]);
    const [verdict] = verdictsOf(apart.report, 'tare web vm:direct');
    expect(say('en', verdict!.text)).toContain('so no tare can be told');
    const near = fakeReportedRun({
      change: weigh(
        () => 40,
        () => 42,
      ),
    });
    expect(rowsOf(near.report, 'tare')[1]!['tareBytes']).toBeCloseTo(171 * MiB, 0);
  });

  test('is told of one application with its limit and parts, of several from the least to the most', () => {
    const [vm] = verdictsOf(
      report(() => 12),
      'tare vm:direct',
    );
    expect(say('en', vm!.text)).toMatch(
      /^web itself takes 12 MiB; .* with a limit of 512 MiB adds 171 MiB .*: 108 MiB for the machine and its kernel, 8 MiB for files cached in it, 55 MiB for the emulator\.$/,
    );
    const several = report(({ workload }) => workload.length, { preset: 'three-apps' });
    expect(say('en', verdictsOf(several, 'tare container')[0]!.text)).toMatch(/least to the most of 3\.$/);
  });

  test('is of no process, no resumed machine and no machine that several share', () => {
    const targets = ['process', 'container', 'vm:snapshot', 'vm:direct'];
    const made = report(() => 12, { plan: { targets } });
    expect(rowsOf(made, 'tare').map(({ target }) => target)).toEqual(['container', 'vm:direct']);
  });

  test('is not told by a runtime that may bring a kernel, nor of a machine that was emulated in some rounds only', () => {
    const other = report(() => 12, { plan: { targets: ['container:runsc', 'vm:direct'] } });
    expect(rowsOf(other, 'tare')).toEqual([]);
    const mixed = fakeReportedRun({
      change: (trial) => {
        weigh(() => 12)!(trial);
        if (trial.target === 'vm:direct' && trial.index === 0) trial.accelerator = 'kvm';
      },
    });
    expect(rowsOf(mixed.report, 'tare').map(({ target }) => target)).toEqual(['container']);
  });
});
