import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettingName, SettingState } from '../../../../../main/contract/settings';
import { openSettings, plansDefaults } from '../../../../../main/engine/base/settings/settings';

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'tare-settings-'));
  file = path.join(home, '.config/tare/settings.json');
  mkdirSync(path.dirname(file), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const set = (settings: object | string) =>
  writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
const open = (options: object = {}, environment: Record<string, string> = {}) =>
  openSettings(options, { environment, home });
const state = (settings: ReturnType<typeof open>, name: SettingName): SettingState =>
  settings.report().settings.find((one) => one.name === name)!;

describe('who decides', () => {
  test('an option beats the environment, that beats the file, and that beats the default', () => {
    const usual = path.join(home, '.local/share/tare');
    expect(state(open(), 'dataFolder')).toMatchObject({ value: usual, source: 'default' });
    set({ dataFolder: '/kept' });
    expect(state(open(), 'dataFolder')).toMatchObject({ value: '/kept', source: 'file', usual });
    const said = { XDG_DATA_HOME: '/said' };
    expect(state(open({}, said), 'dataFolder')).toMatchObject({
      value: '/said/tare',
      source: 'environment',
      variable: 'XDG_DATA_HOME',
      stored: '/kept',
    });
    const typed = open({ dataFolder: '/typed' }, said);
    expect(state(typed, 'dataFolder')).toMatchObject({ value: '/typed', source: 'option' });
  });

  test('a desktop that sets the usual folder says nothing by it', () => {
    set({ dataFolder: '/kept' });
    const environment = { XDG_DATA_HOME: path.join(home, '.local/share') };
    expect(state(open({}, environment), 'dataFolder')).toMatchObject({ value: '/kept', source: 'file' });
  });

  test('DOCKER_HOST and DOCKER_CONTEXT beat the endpoint in the file, and are left to where Docker is sought', () => {
    set({ dockerEndpoint: 'tcp://10.0.0.1:2375' });
    expect(open().chosen('dockerEndpoint')).toBe('tcp://10.0.0.1:2375');
    for (const variable of ['DOCKER_HOST', 'DOCKER_CONTEXT']) {
      const settings = open({}, { [variable]: 'other' });
      expect(settings.chosen('dockerEndpoint')).toBeUndefined();
      expect(state(settings, 'dockerEndpoint')).toMatchObject({ source: 'environment', variable });
    }
  });
});

test('the accelerator is the option’s, else the environment’s, else the file’s, else found out', () => {
  expect(open().value('accelerator')).toBeUndefined();
  set({ accelerator: 'kvm' });
  expect(open().value('accelerator')).toBe('kvm');
  const said = { TARE_ACCELERATOR: 'tcg' };
  expect(open({}, said).value('accelerator')).toBe('tcg');
  expect(open({ accelerator: 'hvf' }, said).value('accelerator')).toBe('hvf');
});

describe('a change', () => {
  test('is kept for the next start, and holds at once where it can', async () => {
    const settings = open();
    const report = await settings.change({ samplePeriodMs: 500, qemuPath: '/opt/qemu' });
    expect(plansDefaults(settings).samplePeriodMs).toBe(500);
    const after = (name: SettingName) => report.settings.find((one) => one.name === name)!;
    expect(after('samplePeriodMs')).toMatchObject({ value: 500, source: 'file', afterRestart: false });
    expect(after('qemuPath')).toMatchObject({ stored: '/opt/qemu', source: 'default', afterRestart: true });
    expect(open().value('qemuPath')).toBe('/opt/qemu');
    expect(state(open(), 'qemuPath').afterRestart).toBe(false);
  });

  test('to null brings the default back and leaves the others', async () => {
    set({ samplePeriodMs: 500, memoryFloorBytes: 0 });
    const settings = open();
    await settings.change({ samplePeriodMs: null });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ memoryFloorBytes: 0 });
    expect(plansDefaults(settings)).toEqual({ samplePeriodMs: 250, memoryFloorBytes: 0 });
  });

  test('that cannot be written says where', async () => {
    rmSync(path.join(home, '.config'), { recursive: true });
    writeFileSync(path.join(home, '.config'), 'a file where a folder should be');
    await expect(open().change({ samplePeriodMs: 500 })).rejects.toMatchObject({
      failure: { code: 'write-failed', path: file },
    });
  });
});

test.each([
  ['half a file', '{"samplePeriodMs":'],
  ['a field of the wrong type', { samplePeriodMs: 'often' }],
  ['a value out of bounds', { samplePeriodMs: 1 }],
  ['a relative path', { dataFolder: 'data' }],
  ['a mistyped name', { samplePeriod: 500 }],
  ['an endpoint without a scheme', { dockerEndpoint: '/var/run/docker.sock' }],
  ['a list', []],
])('a file with %s is refused by its name, and nothing is guessed', (_, text) => {
  set(text);
  expect(() => open()).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({ code: 'settings-invalid', path: file }) as object,
    }) as Error,
  );
});
