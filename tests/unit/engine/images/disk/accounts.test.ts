import { describe, expect, it } from 'vitest';
import { resolveAccount } from '../../../../../main/engine/images/disk/accounts';

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'broken line',
  'alice:x:1000:1001::/home/alice:/bin/sh',
  '42:x:7:8::/odd:/bin/sh',
  'homeless:x:9:9:::/bin/sh',
].join('\n');
const group = ['root:x:0:', 'alice:x:1001:', 'games:x:60:bob,alice', 'www:x:33:alice', 'staff:x:50:bob'].join(
  '\n',
);
const account = (user: string, accounts = passwd, groups = group) =>
  resolveAccount(user, { passwd: accounts, group: groups });

describe('the image’s user', () => {
  it.each([
    ['', { uid: 0, gid: 0, groups: [], home: '/root' }],
    ['alice', { uid: 1000, gid: 1001, groups: [60, 33], home: '/home/alice' }],
    ['1000', { uid: 1000, gid: 1001, groups: [60, 33], home: '/home/alice' }],
    ['alice:staff', { uid: 1000, gid: 50, groups: [], home: '/home/alice' }],
    ['alice:5', { uid: 1000, gid: 5, groups: [], home: '/home/alice' }],
    ['4711', { uid: 4711, gid: 0, groups: [], home: '/' }],
    ['4711:4712', { uid: 4711, gid: 4712, groups: [], home: '/' }],
    ['homeless', { uid: 9, gid: 9, groups: [], home: '/' }],
    ['alice:', { uid: 1000, gid: 1001, groups: [60, 33], home: '/home/alice' }],
    // a name of digits is never looked up as a name, as in Docker
    ['42', { uid: 42, gid: 0, groups: [], home: '/' }],
  ])('%j', (user, expected) => expect(account(user)).toEqual(expected));

  it('is root where the image has no accounts at all', () =>
    expect(account('', '', '')).toEqual({ uid: 0, gid: 0, groups: [], home: '/' }));

  it.each([
    ['bob', 'unknown-user: bob'],
    ['alice:nogroup', 'unknown-group: nogroup'],
    ['-1', 'unknown-user: -1'],
    ['2147483648', 'unknown-user: 2147483648'],
  ])('is refused when it is not known: %s', (user, reason) => {
    expect(() => account(user)).toThrowError(
      expect.objectContaining({ failure: { code: 'guest-refused', reason, output: '' } }),
    );
  });
});
