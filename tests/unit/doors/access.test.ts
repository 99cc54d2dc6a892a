import { describe, expect, it } from 'vitest';
import { calls, type CallName } from '../../../main/contract/calls';
import { refusal } from '../../../main/doors/access';

it('lets no page write files where it is told', () => {
  const path = '/home/me/.profile';
  const exported = { id: '20260101-120000-00ff', format: 'json', path };
  expect(refusal('window', 'exportRun', exported)).toBe('writes-anywhere');
  expect(refusal('browser', 'exportRun', exported)).toBe('writes-anywhere');
  expect(refusal('beyond', 'exportRun', exported)).toBe('read-only');
  expect(refusal('browser', 'saveBuildFolder', { path, text: 'FROM x' })).toBe('writes-anywhere');
  expect(refusal('browser', 'saveBuildFolder', { text: 'FROM x' })).toBeUndefined();
  expect(refusal('window', 'saveBuildFolder', { path, text: 'FROM x' })).toBeUndefined();
});

it('lets the window ask for everything else, and its settings be changed', () => {
  const refused = (Object.keys(calls) as CallName[]).filter((name) => refusal('window', name, {}));
  expect(refused).toEqual(['exportRun']);
  expect(refusal('window', 'changeSettings', { qemuPath: '/opt/qemu' })).toBeUndefined();
});

describe('a page beyond loopback', () => {
  it.each([
    ...['runs', 'run', 'samples', 'presets', 'doctor', 'settings', 'deletedRuns', 'compare', 'readRecord'],
    ...['experience', 'images', 'guestParts', 'cache', 'buildFolder', 'renderChart', 'work', 'underWay'],
  ])('may look: %s', (call) => {
    expect(refusal('beyond', call, {})).toBeUndefined();
  });

  it.each([
    ['clean', { dryRun: true }],
    ['removeImage', { reference: 'app:1', dryRun: true }],
    ['doctor', { again: false }],
    ['renderRun', { run: { id: 'x' }, format: 'html' }],
  ])('may ask what would be done: %s with %j', (call, input) => {
    expect(refusal('beyond', call, input)).toBeUndefined();
  });

  it.each([
    ...['startRun', 'stopRun', 'exportRun', 'buildKit', 'workflow', 'isolation', 'saveBuildFolder'],
    ...[
      'deleteRun',
      'restoreRun',
      'labelRun',
      'changeSettings',
      'pullImage',
      'startJob',
      'stopJob',
      'toString',
    ],
    ...['clean', 'removeImage', 'hosts', 'addHost', 'removeHost'],
  ])('may not touch: %s', (call) => {
    for (const input of [{}, undefined, { dryRun: false }, { dryRun: 'true' }])
      expect(refusal('beyond', call, input)).toBe('read-only');
  });

  it.each([
    ['renderRun', { run: { id: 'x' }, format: 'pdf' }, 'prints-elsewhere'],
    ['doctor', { again: true }, 'starts-a-machine'],
    ['buildFolder', { path: '/etc' }, 'own-folder-only'],
  ])('may not make this computer work or look around: %s with %j', (call, input, reason) => {
    expect(refusal('beyond', call, input)).toBe(reason);
    expect(refusal('browser', call, input)).toBeUndefined();
  });

  it('compares only what is kept here', () => {
    const kept = { id: '20260101-120000-00ff' };
    expect(refusal('beyond', 'compare', { base: kept, other: kept })).toBeUndefined();
    expect(refusal('beyond', 'compare', { base: kept, other: { path: '/etc/passwd' } })).toBe(
      'kept-runs-only',
    );
    const several = { base: [kept], other: [kept, { path: '/etc/passwd' }] };
    expect(refusal('beyond', 'compare', several)).toBe('kept-runs-only');
    expect(refusal('browser', 'compare', { base: kept, other: { path: '/work/run.json' } })).toBeUndefined();
  });
});

it('lets its own page here do anything but point Tare at another program, engine or folder', () => {
  expect(refusal('browser', 'startRun', {})).toBeUndefined();
  expect(refusal('browser', 'changeSettings', { samplePeriodMs: 500, cacheBytes: null })).toBeUndefined();
  for (const name of ['qemuPath', 'dockerEndpoint', 'dataFolder', 'cacheFolder'])
    for (const value of ['/tmp/x', null])
      expect(refusal('browser', 'changeSettings', { samplePeriodMs: 500, [name]: value }), name).toBe(
        'places-guarded',
      );
});

it('lets its own page here keep hosts, but name no program on them', () => {
  const host = { name: 'bench1', address: 'ssh://bench1' };
  expect(refusal('browser', 'addHost', host)).toBeUndefined();
  expect(refusal('browser', 'addHost', { ...host, program: '~/x' })).toBe('places-guarded');
  expect(refusal('window', 'addHost', { ...host, program: '~/x' })).toBeUndefined();
});
