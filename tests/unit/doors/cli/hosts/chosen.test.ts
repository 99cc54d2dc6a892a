import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TareError } from '../../../../../main/engine/base/errors';
import { chosenHosts, type HostOptions } from '../../../../../main/doors/cli/hosts/chosen';

const cwd = mkdtempSync(path.join(os.tmpdir(), 'tare-chosen-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
const chosen = (options: HostOptions) => chosenHosts(options, cwd);
const refused = async (options: HostOptions) => {
  try {
    await chosen(options);
  } catch (error) {
    return (error as TareError).failure;
  }
  throw new Error('was taken');
};

describe('hosts on a command line', () => {
  it('are none where none are named', async () => {
    expect(await chosen({})).toBeUndefined();
  });

  it('are addresses, names of kept ones, and this computer', async () => {
    expect(
      await chosen({ host: ['local', 'bench1', 'ssh://me@10.0.0.7:2222', 'far=ssh://10.0.0.8'] }),
    ).toEqual([
      'local',
      'bench1',
      { name: '10.0.0.7-2222', address: 'ssh://me@10.0.0.7:2222' },
      { name: 'far', address: 'ssh://10.0.0.8' },
    ]);
  });

  it('come out of a file, beside those that are named', async () => {
    write(
      'hosts.yaml',
      'hosts:\n  - name: a\n    address: ssh://a\n    program: /opt/tare/bin/tare\n  - address: ssh://b\n',
    );
    expect(await chosen({ host: ['local'], hosts: 'hosts.yaml' })).toEqual([
      'local',
      { name: 'a', address: 'ssh://a', program: '/opt/tare/bin/tare' },
      { name: 'b', address: 'ssh://b' },
    ]);
  });

  it.each<[string, HostOptions, object]>([
    ['an option', { host: ['ssh://-oProxyCommand=id'] }, { code: 'bad-input' }],
    ['a password', { host: ['ssh://me:pw@a'] }, { code: 'bad-input' }],
    ['two of one name', { host: ['ssh://a', 'ssh://me@a'] }, { code: 'bad-input' }],
    ['no file', { hosts: 'none.yaml' }, { code: 'hosts-unreadable', reason: 'ENOENT' }],
  ])('are not %s', async (_, options, failure) => {
    expect(await refused(options)).toMatchObject(failure);
  });

  it.each<[string, string, object]>([
    ['broken notation', 'hosts: [', { code: 'hosts-unreadable' }],
    ['a list without its name', '- a', { code: 'bad-input' }],
    ['none', 'hosts: []', { code: 'bad-input' }],
    ['a misspelt field', 'hosts: [{ address: ssh://a, prgram: /x }]', { code: 'bad-input' }],
    ['a shell in a program', 'hosts: [{ address: ssh://a, program: "/x; id" }]', { code: 'bad-input' }],
  ])('are not in a file with %s', async (name, text, failure) => {
    write(`${name}.yaml`, text);
    expect(await refused({ hosts: `${name}.yaml` })).toMatchObject(failure);
  });
});
