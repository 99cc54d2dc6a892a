import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Probe } from '../../../../../main/contract/plan';
import { askedBy } from '../../../../../main/engine/images/compose/healthcheck';

const http = (path: string, port: number, more = {}) => ({ probe: { kind: 'http', path }, port, ...more });
const shell = (line: string) => askedBy(['CMD-SHELL', line]);

describe('what can be asked from outside', () => {
  test.each([
    ['curl -f http://localhost:8080/health || exit 1', http('/health', 8080)],
    ['curl -fsS --max-time 3 "http://127.0.0.1/a?b=c" >/dev/null 2>&1', http('/a?b=c', 80)],
    ['/usr/bin/curl --fail localhost:3000', http('/', 3000)],
    ['curl http://localhost:8080/', http('/', 8080, { isStricter: true })],
    ['wget --no-verbose --tries=1 --spider http://localhost/ || exit 1', http('/', 80)],
    ['wget -qO- http://[::1]:81/x', http('/x', 81)],
    ['wget -q -O /dev/null http://0.0.0.0:82/', http('/', 82)],
    ['pg_isready -U $POSTGRES_USER -d app || exit 1', { probe: { kind: 'postgresql' } }],
    ['pg_isready -h localhost -p 5433', { probe: { kind: 'postgresql' }, port: 5433 }],
    ['pg_isready --host=/var/run/postgresql --port=5434', { probe: { kind: 'postgresql' }, port: 5434 }],
    ['redis-cli ping | grep PONG', { probe: { kind: 'redis' } }],
    ['redis-cli -a secret -p6380 PING', { probe: { kind: 'redis' }, port: 6380 }],
    ['valkey-cli ping', { probe: { kind: 'redis' } }],
  ])('%s', (line, asked) => expect(shell(line)).toEqual(asked));

  test('words are taken as they are', () =>
    expect(askedBy(['CMD', 'curl', '-f', 'http://localhost:8080/it’s here'])).toEqual(
      http('/it%E2%80%99s%20here', 8080),
    ));
});

test.each([
  // that a port is open shows nothing from outside: a port proxy and QEMU have opened it before
  'nc -z localhost 8080',
  'curl -f https://localhost/',
  'curl -f http://db:8080/',
  'curl -f -X POST http://localhost/',
  'curl -f -H "Host: x" http://localhost/',
  'curl -f http://localhost/ http://localhost/b',
  'curl -f http://localhost:$PORT/',
  'curl -f http://user:word@localhost/',
  'curl -f http://localhost/ && test -e /ready',
  'curl -f http://localhost/ | grep up',
  'curl -f "http://localhost/',
  'pg_isready -h db',
  'pg_isready -p $PORT',
  'redis-cli info',
  'mysqladmin ping -h localhost',
  'test -e /tmp/ready',
  'toString',
  '',
])('%s cannot be asked from outside', (line) => expect(shell(line)).toBeUndefined());

test('no check at all', () => {
  expect(askedBy(['NONE'])).toBeUndefined();
  expect(askedBy([])).toBeUndefined();
});

test('whatever a check says, what is made of it is a probe and a port', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'curl',
      'wget',
      'pg_isready',
      'redis-cli',
      '-f',
      '-p',
      '-h',
      '--',
      '-',
      '||',
      'ping',
      'CMD',
    ),
    fc
      .tuple(fc.constantFrom('localhost', '127.0.0.1', '[::1]', 'db'), fc.nat(100_000), fc.string())
      .map(([host, port, rest]) => `http://${host}:${port}/${rest}`),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('CMD', 'CMD-SHELL', 'NONE'),
      fc.array(word, { maxLength: 6 }),
      (how, words) => {
        const asked = askedBy([how, ...words]);
        if (!asked) return;
        expect(Probe.safeParse(asked.probe).success).toBe(true);
        expect(asked.port ?? 1).toBeLessThan(100_000);
      },
    ),
  );
});
