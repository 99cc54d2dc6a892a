/** A host that is this computer by another door: sshd on the loopback interface, with keys, configuration and folders of its own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../main/engine/base/process/ports';

export interface SshHost extends AsyncDisposable {
  address: string;
  /** for whoever is to reach it: `ssh` that knows its key, and has one that it lets in */
  environment: NodeJS.ProcessEnv;
  /** makes whoever reaches it expect another key of it */
  changeKnownKey(): void;
  restoreKnownKey(): void;
  /** the processes of everybody who is logged in */
  sessions(): number[];
  /** where Tare there keeps its data */
  data: string;
  /** of who is logged in there */
  home: string;
}

const sshd = '/usr/sbin/sshd';
/** Why there is none here; undefined where there can be. */
export const noSshd = (): string | undefined =>
  process.getuid?.() === 0 && existsSync(sshd) ? undefined : 'openssh-server, and root, are needed';

const words = (...lines: string[]) => lines.join('\n') + '\n';
const quoted = (text: string) => `"${text}"`;

/**
 * @param folder  for all that belongs to it
 * @param tare    the words that start Tare there
 * @param given   variables of every session there
 */
export async function openSshHost(
  folder: string,
  tare: readonly string[],
  given: Record<string, string>,
): Promise<SshHost> {
  const at = (...names: string[]) => path.join(folder, ...names);
  for (const name of ['bin', 'there', 'there/bin', 'there/home', 'data'])
    mkdirSync(at(name), { recursive: true });
  for (const key of ['host', 'other', 'person'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  const port = await freePort();
  const known = (key: string) =>
    writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(at(`${key}.pub`), 'utf8')}`);
  known('host');
  writeFileSync(at('there/bin/tare'), words('#!/bin/sh', `exec ${tare.map(quoted).join(' ')} "$@"`), {
    mode: 0o755,
  });
  const variables = {
    ...given,
    PATH: `${at('there/bin')}:${process.env.PATH}`,
    XDG_DATA_HOME: at('data'),
    XDG_CONFIG_HOME: at('there/config'),
    HOME: at('there/home'),
  };
  writeFileSync(
    at('sshd_config'),
    words(
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, 'PidFile none'],
      ...[`AuthorizedKeysFile ${at('person.pub')}`, 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes'],
      'PasswordAuthentication no',
      `SetEnv ${Object.entries(variables)
        .map(([name, value]) => `${name}=${quoted(value)}`)
        .join(' ')}`,
    ),
  );
  // a person has these in ~/.ssh, which a test leaves alone
  writeFileSync(
    at('ssh_config'),
    words(
      'Host *',
      `  IdentityFile ${at('person')}`,
      `  UserKnownHostsFile ${at('known_hosts')}`,
      '  IdentitiesOnly yes',
    ),
  );
  writeFileSync(at('bin/ssh'), words('#!/bin/sh', `exec /usr/bin/ssh -F ${quoted(at('ssh_config'))} "$@"`), {
    mode: 0o755,
  });
  mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(sshd, ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(server, 'exit');
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', () => said.includes('listening on') && resolve());
    void ended.then(() => reject(new Error(said)));
  });
  /** also of those that are for one user alone */
  const sessions = (): number[] => {
    const below = (pid: number): number[] => {
      const found = spawnSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)], { encoding: 'utf8' });
      return found.stdout
        .split('\n')
        .filter((line) => line.includes('sshd'))
        .flatMap((line) => [parseInt(line), ...below(parseInt(line))]);
    };
    return below(server.pid!);
  };
  return {
    address: `ssh://root@127.0.0.1:${port}`,
    environment: { PATH: `${at('bin')}:${process.env.PATH}` },
    changeKnownKey: () => known('other'),
    restoreKnownKey: () => known('host'),
    sessions,
    data: at('data/tare'),
    home: at('there/home'),
    async [Symbol.asyncDispose]() {
      server.kill();
      await ended;
    },
  };
}
