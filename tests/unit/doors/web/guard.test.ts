import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guard, isLoopback, makeToken } from '../../../../main/doors/web/guard';

const token = makeToken();
const local = guard({ token, bound: '127.0.0.1', port: 4170 });

describe('who is addressed', () => {
  it.each(['127.0.0.1:4170', 'localhost:4170', '[::1]:4170', 'LOCALHOST:4170'])('answers as %s', (host) => {
    expect(local.address({ host })).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'localhost',
    '127.0.0.1:80',
    'evil.example:4170',
    '127.0.0.1.nip.io:4170',
    'localhost:4170.evil.example',
  ])('does not answer as %s: another name may point here (DNS rebinding)', (host) => {
    expect(local.address(host === undefined ? {} : { host })).toMatchObject({ status: 421 });
  });

  it('answers as no name but its own, whatever is sent', () => {
    const own = ['127.0.0.1:4170', 'localhost:4170', '[::1]:4170'];
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webAuthority({ withPort: true }), fc.ipV4(), fc.ipV6()),
        (host) => {
          fc.pre(!own.includes(host.toLowerCase()));
          expect(local.address({ host })).toMatchObject({ status: 421 });
        },
      ),
    );
  });

  it('beyond loopback answers as its own address and as the names it was given', () => {
    const open = guard({ token, bound: '0.0.0.0', port: 80, names: ['tower', '192.168.1.7', 'fe80::1'] });
    for (const host of ['tower:80', '192.168.1.7:80', '[fe80::1]:80'])
      expect(open.address({ host })).toBeUndefined();
    expect(open.address({ host: 'evil.example:80' })).toMatchObject({ status: 421 });
  });
});

describe('who asks', () => {
  const host = 'localhost:4170';

  it('lets its own page ask, and programs without an origin', () => {
    expect(local.address({ host })).toBeUndefined();
    expect(
      local.address({ host, origin: 'http://localhost:4170', 'sec-fetch-site': 'same-origin' }),
    ).toBeUndefined();
    expect(local.address({ host, 'sec-fetch-site': 'none' })).toBeUndefined();
  });

  it('does not let the page of another site ask', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.constantFrom('null', 'http://localhost:4171', 'https://localhost:4170'),
        ),
        (origin) => {
          fc.pre(origin.toLowerCase() !== 'http://localhost:4170');
          expect(local.address({ host, origin })).toMatchObject({ status: 403 });
        },
      ),
    );
    for (const site of ['cross-site', 'same-site'])
      for (const mode of ['cors', 'no-cors', 'navigate'])
        expect(
          local.address({ host, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': 'iframe' }),
        ).toMatchObject({ status: 403 });
  });

  it('lets a link or a file lead a whole window to its page', () => {
    const led = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(local.address({ host, ...led })).toBeUndefined();
    expect(local.address({ host, origin: 'null', ...led })).toMatchObject({ status: 403 });
  });
});

describe('the token', () => {
  it('is long, different each time, and fits into an address', () => {
    const made = Array.from({ length: 50 }, makeToken);
    expect(new Set(made).size).toBe(50);
    for (const one of made) expect(one).toMatch(/^[\w-]{32}$/);
  });

  it('is asked for, exactly', () => {
    expect(local.token({ 'x-tare-token': token })).toBeUndefined();
    expect(local.token({})).toMatchObject({ status: 401 });
    expect(local.token({ 'x-tare-token': [token, token] })).toMatchObject({ status: 401 });
    fc.assert(
      fc.property(fc.string(), (given) => {
        fc.pre(given !== token);
        expect(local.token({ 'x-tare-token': given })).toMatchObject({ status: 401 });
      }),
    );
  });
});

describe('a page beyond loopback', () => {
  const open = guard({ token, bound: '192.168.1.7', port: 80 });

  it.each([
    ...['runs', 'run', 'samples', 'presets', 'doctor', 'settings', 'deletedRuns', 'compare', 'readRun'],
    ...['experience', 'images', 'guestParts', 'cache', 'buildFolder', 'renderChart', 'work', 'underWay'],
  ])('may look: %s', (call) => {
    expect(open.refusal(call, {})).toBeUndefined();
  });

  it.each([
    ['clean', { dryRun: true }],
    ['removeImage', { reference: 'app:1', dryRun: true }],
    ['doctor', { again: false }],
    ['renderRun', { run: { id: 'x' }, format: 'html' }],
  ])('may ask what would be done: %s with %j', (call, input) => {
    expect(open.refusal(call, input)).toBeUndefined();
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
    ...['clean', 'removeImage'],
  ])('may not touch: %s', (call) => {
    for (const input of [{}, undefined, { dryRun: false }, { dryRun: 'true' }])
      expect(open.refusal(call, input)).toBe('read-only');
  });

  it.each([
    ['renderRun', { run: { id: 'x' }, format: 'pdf' }, 'prints-elsewhere'],
    ['doctor', { again: true }, 'starts-a-machine'],
    ['buildFolder', { path: '/etc' }, 'own-folder-only'],
  ])('may not make this computer work or look around: %s with %j', (call, input, reason) => {
    expect(open.refusal(call, input)).toBe(reason);
    expect(local.refusal(call, input)).toBeUndefined();
  });

  it('compares only what is kept here', () => {
    const kept = { id: '20260101-120000-00ff' };
    expect(open.refusal('compare', { base: kept, other: kept })).toBeUndefined();
    expect(open.refusal('compare', { base: kept, other: { path: '/etc/passwd' } })).toBe('kept-runs-only');
    const several = { base: [kept], other: [kept, { path: '/etc/passwd' }] };
    expect(open.refusal('compare', several)).toBe('kept-runs-only');
    expect(local.refusal('compare', { base: kept, other: { path: '/work/run.json' } })).toBeUndefined();
  });
});

it('lets its own page here do anything but point Tare at another program, engine or folder', () => {
  expect(local.refusal('startRun', {})).toBeUndefined();
  expect(local.refusal('changeSettings', { samplePeriodMs: 500, cacheBytes: null })).toBeUndefined();
  for (const name of ['qemuPath', 'dockerEndpoint', 'dataFolder', 'cacheFolder'])
    for (const value of ['/tmp/x', null])
      expect(local.refusal('changeSettings', { samplePeriodMs: 500, [name]: value }), name).toBe(
        'places-guarded',
      );
});

it('knows the loopback addresses', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.0.1', '::1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'localhost.evil.example'])
    expect(isLoopback(host), host).toBe(false);
});
