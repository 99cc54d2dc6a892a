/**
 * Several hosts on one computer, for real: each has namespaces of its own (processes, mounts, network, name), in which a dockerd runs, with its
 * own disk, sockets and temporary files. They reach each other through a bridge, and nothing else; whoever is to reach them from this computer
 * is started beside that bridge. Needs root.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An engine that hangs is a finding, and must not hang whoever looks for it. */
const longestMs = 120_000;

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  }).trim();

export interface StagedHost {
  name: string;
  address: string;
  /** of its engine, as this computer reaches it */
  endpoint: string;
  /** runs a program there */
  inside: (...words: string[]) => string;
  docker: (...words: string[]) => string;
  /** ends all that runs there at once, as a power cut does */
  cut: () => Promise<void>;
}

export interface Stage {
  hosts: StagedHost[];
  /** the words that start a program of this computer where the hosts' network is */
  beside: (...words: string[]) => string[];
  close: () => Promise<void>;
}

/** What a host has for itself: the rest of the file system is this computer's. */
const ownFolders = ['/root', '/var/lib/docker', '/var/tmp'];

/** `sh` is the first process there, and buries what others leave. */
const beginning = (name: string, folder: string): string =>
  [
    'set -e',
    `hostname ${name}`,
    'mount --make-rprivate /',
    'mount -t tmpfs tmpfs /run',
    'mkdir -p /run/lock',
    ...ownFolders.map((own) => `mkdir -p ${folder}${own} ${own}`),
    ...ownFolders.map((own) => `mount --bind ${folder}${own} ${own}`), // the last hides where they lie
    'ip link set lo up',
    'dockerd --host unix:///run/docker.sock --data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid &',
    // ended by what ends the host
    'while :; do wait || :; sleep 1; done',
  ].join('\n');

export async function openStage(names: readonly string[]): Promise<Stage> {
  const folder = mkdtempSync('/var/tmp/tare-stage-');
  // in a network of its own too: this computer's firewall may drop what it hands on between others
  const between = path.basename(folder).toLowerCase();
  const network = `10.${100 + (process.pid % 100)}.77`;
  run('ip', 'netns', 'add', between);
  run('ip', '-n', between, 'link', 'add', 'bridge0', 'type', 'bridge');
  run('ip', '-n', between, 'link', 'set', 'bridge0', 'up');
  run('ip', '-n', between, 'address', 'add', `${network}.1/24`, 'dev', 'bridge0');
  run('ip', '-n', between, 'link', 'set', 'lo', 'up');
  const begun: Begun[] = [];
  const close = async () => {
    await Promise.all(begun.map(({ host }) => host.cut()));
    run('ip', 'netns', 'delete', between);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [at, name] of names.entries())
      begun.push(begin(name, { folder: path.join(folder, name), between, address: `${network}.${at + 10}` }));
    for (const one of begun) await one.answers();
    const beside = (...words: string[]) => ['nsenter', `--net=/run/netns/${between}`, '--', ...words];
    return { hosts: begun.map(({ host }) => host), beside, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Begun {
  host: StagedHost;
  answers: () => Promise<void>;
}

function begin(
  name: string,
  { folder, between, address }: { folder: string; between: string; address: string },
): Begun {
  mkdirSync(folder);
  const log = path.join(folder, 'log');
  const output = openSync(log, 'w');
  const apart = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const outer = spawn('unshare', [...apart, 'sh', '-c', beginning(name, folder)], {
    stdio: ['ignore', output, output],
    detached: true,
  });
  const gone = once(outer, 'exit');
  const first = firstProcess(outer);
  const port = `port${address.split('.').at(-1)}`;
  run('ip', '-n', between, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', first);
  run('ip', '-n', between, 'link', 'set', port, 'master', 'bridge0', 'up');
  const inside = (...words: string[]) =>
    run('nsenter', '--target', first, '--mount', '--net', '--uts', '--ipc', '--pid', '--', ...words);
  inside('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
  inside('ip', 'link', 'set', 'eth0', 'up');
  const docker = (...words: string[]) => inside('docker', ...words);
  const answers = async () => {
    for (let tries = 0; ; tries++) {
      try {
        docker('version');
        return;
      } catch (error) {
        if (outer.exitCode !== null || tries > 300)
          throw new Error(`${name}: ${readFileSync(log, 'utf8').slice(-2000)}`, { cause: error });
        await sleep(100);
      }
    }
  };
  const endpoint = `unix:///proc/${first}/root/run/docker.sock`;
  const cut = async () => {
    outer.kill('SIGKILL');
    await gone;
  };
  return { host: { name, address, endpoint, inside, docker, cut }, answers };
}

/** Of the namespace, by its number here. */
function firstProcess(outer: ChildProcess): string {
  for (;;) {
    const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim();
    if (children !== '') return children.split(' ')[0]!;
    if (outer.exitCode !== null) throw new Error('unshare has ended');
  }
}
