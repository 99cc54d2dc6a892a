import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guard, isLoopback, makeToken } from '../../../../main/doors/web/guard';

const token = makeToken();
const local = guard({ token, bound: '127.0.0.1', port: 4170, names: ['127.0.0.1', 'localhost', '::1'] });

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
    // browsers leave the usual port out
    for (const host of ['tower:80', 'tower', '192.168.1.7:80', '192.168.1.7', '[fe80::1]:80'])
      expect(open.address({ host })).toBeUndefined();
    expect(open.address({ host: 'evil.example:80' })).toMatchObject({ status: 421 });
  });
});

it('by https answers only pages that came by https', () => {
  const secure = guard({ token, bound: '127.0.0.1', port: 443, secure: true, names: ['localhost'] });
  for (const host of ['localhost', 'localhost:443']) expect(secure.address({ host })).toBeUndefined();
  const host = 'localhost';
  expect(secure.address({ host, origin: 'https://localhost' })).toBeUndefined();
  expect(secure.address({ host, origin: 'http://localhost' })).toMatchObject({ status: 403 });
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

it('lets a page beyond loopback read, and its own page here act', () => {
  const open = guard({ token, bound: '192.168.1.7', port: 80, names: ['192.168.1.7'] });
  expect([open.readOnly, open.refusal('startRun', {})]).toEqual([true, 'read-only']);
  expect([local.readOnly, local.refusal('startRun', {})]).toEqual([false, undefined]);
});

it('knows the loopback addresses', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.0.1', '::1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'localhost.evil.example'])
    expect(isLoopback(host), host).toBe(false);
});
