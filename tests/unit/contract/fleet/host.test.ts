import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HostAddress,
  HostName,
  hostNameOf,
  HostProgram,
  Hosts,
  nameOfAddress,
  OtherHost,
  placeOf,
  withoutUser,
} from '../../../../main/contract/fleet/host';

describe('an address', () => {
  it.each([
    ['local', { way: 'local' }],
    ['ssh://bench1', { way: 'ssh', host: 'bench1' }],
    ['ssh://root@10.0.0.7:2222', { way: 'ssh', host: '10.0.0.7', user: 'root', port: 2222 }],
    ['ssh://me@[fe80::1%eth0]:22/', { way: 'ssh', host: 'fe80::1%eth0', user: 'me', port: 22 }],
  ])('%s', (address, place) => {
    expect(placeOf(address)).toEqual(place);
    expect(HostAddress.safeParse(address).success).toBe(true);
  });

  it.each([
    ...['', 'bench1', 'http://bench1', 'ssh://', 'ssh://-oProxyCommand=id', 'ssh://-l@host', 'ssh://a b'],
    ...[
      'ssh://me:secret@host',
      'ssh://host:0',
      'ssh://host:70000',
      'ssh://host/path',
      'ssh://$(id)',
      'ssh://a;b',
    ],
    ...["ssh://a'b", 'ssh://a\nb', `ssh://${'a'.repeat(300)}`],
  ])('is not %j', (text) => {
    expect(placeOf(text)).toBeUndefined();
    expect(HostAddress.safeParse(text).success).toBe(false);
  });

  it('has no part that a program would take for an option, or a shell for more than a word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (rest) => {
        const place = placeOf(`ssh://${rest}`);
        if (place?.way !== 'ssh') return;
        for (const part of [place.host, place.user ?? 'a']) expect(part).toMatch(/^[\w:][\w.:%-]*$/);
      }),
    );
  });

  it('calls a host that has no name of its own by something that can be one', () => {
    const address = fc.stringMatching(
      /^ssh:\/\/([a-z]{1,5}@)?([a-z][a-z0-9.-]{0,80}|\[[0-9a-f:]{2,30}[0-9a-f]\])(:[1-9]\d{0,3})?$/,
    );
    fc.assert(
      fc.property(address, (text) => {
        if (placeOf(text))
          expect(HostName.safeParse(nameOfAddress(text)).success, nameOfAddress(text)).toBe(true);
      }),
    );
    expect(nameOfAddress('ssh://root@bench1:2222')).toBe('bench1-2222');
    expect(nameOfAddress('local')).toBe('local');
  });

  it('is handed on without saying who somebody is there', () => {
    expect(withoutUser('ssh://root@bench1:22')).toBe('ssh://bench1:22');
    expect(withoutUser('ssh://bench1')).toBe('ssh://bench1');
    expect(withoutUser('Warning\nroot@bench1: Permission denied (publickey).')).toBe(
      'Warning\nbench1: Permission denied (publickey).',
    );
  });
});

describe('hosts', () => {
  it('have a name each, also on file systems that tell no capital letters apart', () => {
    const named = (...names: string[]) => names.map((name) => ({ name, address: 'local' }));
    expect(Hosts.safeParse(named('a', 'b')).success).toBe(true);
    expect(Hosts.safeParse(named('a', 'A')).success).toBe(false);
    expect(Hosts.safeParse(named('../etc')).success).toBe(false);
  });

  it.each(['..', '.a', '-a', 'a.', 'a/b', 'a b', 'CON', 'nul.txt', 'com1', 'a\n'])(
    'may not be called %j, which is no folder on every system',
    (name) => expect(HostName.safeParse(name).success).toBe(false),
  );
  it.each(['a', 'bench-1', 'a.b_c', 'console', 'com10', 'nullable'])('may be called %s', (name) =>
    expect(HostName.safeParse(name).success).toBe(true),
  );

  it('are called after what they are called elsewhere, as far as that can be a name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.stringMatching(/^(-[a-z0-9]{1,25})?$/), (text, end) => {
        const name = hostNameOf(text, end);
        if (name !== '') expect(HostName.safeParse(name).success, name).toBe(true);
      }),
    );
    expect(hostNameOf('node 1.example.')).toBe('node-1.example');
    expect(hostNameOf('con')).toBe('');
  });

  it.each(['/opt/tare/bin/tare', '~/bin/tare'])('may have Tare at %s', (program) =>
    expect(HostProgram.safeParse(program).success).toBe(true),
  );
  it.each(['tare', '/opt/my tare', '/x;id', '~me/tare', '/$(id)', "/a'b"])(
    'may not have it at %s',
    (program) => expect(HostProgram.safeParse(program).success).toBe(false),
  );
});

it('another computer is not this one, by its name or its address', () => {
  const bench = { name: 'bench1', address: 'ssh://bench1' };
  expect(OtherHost.safeParse(bench).success).toBe(true);
  for (const wrong of [{ name: 'Local' }, { address: 'local' }])
    expect(OtherHost.safeParse({ ...bench, ...wrong }).error?.issues[0]?.message).toBe('host-is-this');
});
