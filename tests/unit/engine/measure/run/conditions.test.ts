import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { hostConditions } from '../../../../../main/engine/measure/run/conditions';
import { livesOnBattery, turboAllowed } from '../../../../../main/engine/measure/run/power';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder that looks like /sys. */
function sysWith(files: Record<string, string>, emptyFolders: string[] = []): string {
  const sys = mkdtempSync(path.join(os.tmpdir(), 'tare-sys-'));
  folders.push(sys);
  for (const folder of emptyFolders) mkdirSync(path.join(sys, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(sys, name)), { recursive: true });
    writeFileSync(path.join(sys, name), `${text}\n`);
  }
  return sys;
}

const supplies = (all: Record<string, Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, files]) =>
      Object.entries(files).map(([file, text]) => [`class/power_supply/${name}/${file}`, text]),
    ),
  );
const battery = (status: string) => ({ type: 'Battery', status });

describe('turbo', () => {
  test.each<{ what: string; files: Record<string, string>; is?: boolean }>([
    { what: 'allowed by Intel’s driver', files: { 'intel_pstate/no_turbo': '0' }, is: true },
    { what: 'forbidden by Intel’s driver', files: { 'intel_pstate/no_turbo': '1' }, is: false },
    { what: 'allowed by cpufreq', files: { 'cpufreq/boost': '1' }, is: true },
    { what: 'forbidden by cpufreq', files: { 'cpufreq/boost': '0' }, is: false },
    { what: 'forbidden by a policy', files: { 'cpufreq/policy0/boost': '0' }, is: false },
    { what: 'told by no driver', files: {} },
  ])('$what', async ({ files, is }) => {
    const named = Object.entries(files).map(([name, text]) => [`devices/system/cpu/${name}`, text]);
    expect(await turboAllowed(sysWith(Object.fromEntries(named) as Record<string, string>))).toBe(is);
  });
});

describe('a machine lives on its battery', () => {
  interface Case {
    what: string;
    all: Record<string, Record<string, string>>;
  }
  test.each<Case>([
    { what: 'when its line is off', all: { AC: { type: 'Mains', online: '0' }, BAT0: battery('Unknown') } },
    { what: 'when the battery is being emptied', all: { BAT0: battery('Discharging') } },
  ])('$what', async ({ all }) => {
    expect(await livesOnBattery(sysWith(supplies(all)), 'linux')).toBe(true);
  });

  test.each<Case>([
    {
      what: 'when its line is on',
      all: { AC: { type: 'Mains', online: '1' }, BAT0: battery('Discharging') },
    },
    { what: 'when it is charged through a port that tells nothing', all: { BAT0: battery('Charging') } },
    {
      what: 'when the battery is a mouse’s',
      all: { mouse: { ...battery('Discharging'), scope: 'Device' } },
    },
  ])('not $what', async ({ all }) => {
    expect(await livesOnBattery(sysWith(supplies(all)), 'linux')).toBe(false);
  });

  test('not when it has none, and nobody knows when the kernel does not list supplies', async () => {
    expect(await livesOnBattery(sysWith({}, ['class/power_supply']), 'linux')).toBe(false);
    expect(await livesOnBattery(sysWith({}), 'linux')).toBeUndefined();
  });
});

const gibibyte = 1024 ** 3;
const memory = (swapused: number) => () =>
  Promise.resolve({ total: 8 * gibibyte, available: 6 * gibibyte, swaptotal: 2 * gibibyte, swapused });

describe('the host’s conditions', () => {
  test.runIf(process.platform === 'linux')('end as warnings beside what they weaken', async () => {
    const sys = sysWith({
      'devices/system/cpu/intel_pstate/no_turbo': '0',
      'devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave',
      ...supplies({ BAT0: battery('Discharging') }),
    });
    const { host, missing } = await hostConditions({ sys, memory: memory(gibibyte) });
    expect(host).toMatchObject({ turbo: true, onBattery: true, swapUsedBytes: gibibyte });
    expect(missing.map(({ what }) => what)).toContain('host.ksm');
    const run = fakeRun({ accelerator: 'kvm' });
    run.environment.host = { ...host, virtualisation: 'none', loadAverage: 0 };
    const { verdicts } = makeReport(run, []);
    const weakening = (start: string) =>
      verdicts.find(({ id }) => id.startsWith(start))!.weakenedBy?.map(({ key }) => key);
    expect(weakening('start-up ')).toEqual(['weakened.battery', 'weakened.governor', 'weakened.turbo']);
    expect(weakening('memory ')).toEqual(['weakened.swap']);
  });

  test('that cannot be read are named and never 0', async () => {
    const unread = () => Promise.resolve({ total: 0, available: 0, swaptotal: 0, swapused: 0 });
    const { host, missing } = await hostConditions({ sys: sysWith({}), memory: unread });
    expect(host).not.toHaveProperty('turbo');
    expect(host).not.toHaveProperty('swapUsedBytes');
    const named = missing.map(({ what }) => what);
    expect(named).toEqual(expect.arrayContaining(['host.turbo', 'host.swapUsedBytes', 'host.governor']));
  });
});
