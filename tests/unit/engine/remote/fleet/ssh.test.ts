import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import {
  tareCommand,
  explainSsh,
  installedFolder,
  sshWords,
} from '../../../../../main/engine/remote/fleet/ways/ssh';

const home = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
afterAll(() => rmSync(home, { recursive: true }));

describe('the words for ssh', () => {
  const words = sshWords({ way: 'ssh', host: 'bench1', user: 'me', port: 2222 }, 'true', { asks: false });

  it('leave host keys to the person’s own configuration', () => {
    expect(words.join(' ')).not.toMatch(/StrictHostKey|KnownHosts|HostKeyAlias|UpdateHostKeys|CheckHostIP/i);
  });
  it('name the host after the end of all options', () => {
    expect(words.slice(-3)).toEqual(['--', 'bench1', 'true']);
  });
  it('have nobody asked unless somebody sits there', () => {
    expect(words).toContain('BatchMode=yes');
    const asking = sshWords({ way: 'ssh', host: 'a' }, 'true', { asks: true });
    expect(asking).not.toContain('BatchMode=yes');
    expect(asking, 'he is asked once').toContain('ControlMaster=auto');
    const sockets = asking.find((word) => word.startsWith('ControlPath='))!.slice('ControlPath='.length);
    rmSync(path.dirname(sockets), { recursive: true }); // the end of a worker of tests is none that Tare sees
  });
  it('are none that ssh does not know', () => {
    const told = execFileSync('ssh', ['-G', '-F', 'none', ...words.slice(1, -1)], { encoding: 'utf8' });
    expect(told).toMatch(/^hostname bench1$/m);
    expect(told).toMatch(/^port 2222$/m);
    expect(told).toMatch(/^user me$/m);
    expect(told).toMatch(/^clearallforwardings yes$/m);
  });
});

/** Login shells that are here; each reads the command its own way. */
const shells = ['sh', 'bash', 'zsh', 'csh', 'tcsh', 'fish', 'dash'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0,
);

describe.each(shells)('%s as a login shell', (shell) => {
  const version = '1.2.3';
  const there = path.join(home, shell);
  const place = (file: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "${path.relative(there, file)} $*"\n`);
    chmodSync(file, 0o755);
  };
  const says = (command: string) =>
    spawnSync(shell, ['-c', command], {
      encoding: 'utf8',
      env: { HOME: there, PATH: `${path.join(there, 'bin')}:/usr/bin:/bin` },
    });

  it('finds Tare where it is, in the order that is told, and says when it is nowhere', () => {
    mkdirSync(there);
    const command = tareCommand(version, undefined, ['doctor', '--json']);
    const none = says(command);
    expect(none.status).toBe(127);
    const failure = explainSsh({ exit: `exit ${none.status}`, output: none.stderr }, ['tare']);
    expect(failure).toMatchObject({ code: 'agent-missing', known: ['tare'] });
    place(path.join(there, 'bin/tare'));
    expect(says(command).stdout).toBe('bin/tare doctor --json\n');
    place(path.join(there, installedFolder(version), 'tare'));
    expect(says(command).stdout).toBe(`${installedFolder(version)}/tare doctor --json\n`);
    place(path.join(there, 'own/tare'));
    expect(says(tareCommand(version, '~/own/tare', ['doctor', '--json'])).stdout).toBe(
      'own/tare doctor --json\n',
    );
  });
});

describe('what ssh says is told with what it means', () => {
  it.each<[string, Partial<Failure>]>([
    [
      '@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@\nHost key verification failed.',
      { code: 'host-key-refused', reason: 'host-key-changed' },
    ],
    [
      'No ED25519 host key is known for bench1 and you have requested strict checking.\nHost key verification failed.',
      { code: 'host-key-refused', reason: 'host-key-unknown' },
    ],
    ['me@bench1: Permission denied (publickey,password).', { code: 'host-denied' }],
    [
      'ssh: Could not resolve hostname bench9: Name or service not known',
      { code: 'host-unreachable', reason: 'ssh-unresolved' },
    ],
    [
      'ssh: connect to host bench1 port 22: Connection refused',
      { code: 'host-unreachable', reason: 'ssh-refused' },
    ],
    [
      'ssh: connect to host 10.0.0.9 port 22: No route to host',
      { code: 'host-unreachable', reason: 'ssh-no-route' },
    ],
    [
      'ssh: connect to host 10.0.0.9 port 22: Connection timed out',
      { code: 'host-unreachable', reason: 'ssh-timed-out' },
    ],
    [
      'kex_exchange_identification: Connection closed by remote host',
      { code: 'host-unreachable', reason: 'ssh-closed' },
    ],
    ['something new', { code: 'host-unreachable', reason: 'ssh-other' }],
  ])('%s', (output, failure) => {
    expect(explainSsh({ exit: 'exit 255', output }, [])).toEqual({ ...failure, output });
  });

  it('Tare’s own end is not ssh’s', () => {
    expect(explainSsh({ exit: 'exit 3', output: '' }, [])).toBeUndefined();
    expect(explainSsh({ exit: 'signal SIGKILL', output: '' }, [])).toBeUndefined();
  });
});
