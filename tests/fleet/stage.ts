/**
 * Several hosts on one computer, for real: each has namespaces of its own (processes, mounts, network, name), in which a dockerd runs, with its
 * own disk, sockets and temporary files. They reach each other through a bridge, and nothing else; whoever is to reach them from this computer
 * is started beside that bridge. Needs root.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeCgroup } from '../../main/engine/base/process/ownCgroup';

/** An engine that hangs is a finding, and must not hang whoever looks for it. */
const longestMs = 120_000;

export const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  }).trim();

export interface StagedHost {
  readonly name: string;
  readonly address: string;
  /** of its engine, as this computer reaches it */
  readonly endpoint: string;
  /** runs a program there */
  inside: (...words: string[]) => string;
  docker: (...words: string[]) => string;
  /** ends all that runs there at once, as a power cut does */
  cut: () => Promise<void>;
  /** turns it on, with its disk as it was; resolves when its engine answers */
  start: () => Promise<void>;
}

export interface Stage {
  hosts: StagedHost[];
  /** where this computer is in the hosts' network; registries in it may speak plain HTTP */
  address: string;
  /** the words that start a program of this computer where the hosts' network is */
  beside: (...words: string[]) => string[];
  close: () => Promise<void>;
}

/** What a host has for itself: the rest of the file system is this computer's. */
const ownFolders = ['/root', '/var/lib/docker', '/var/tmp'];
/** What can be made again, and takes long. */
const sharedFolder = '/root/.cache';

interface Place {
  name: string;
  /** its disk */
  folder: string;
  /** the network that they are in */
  between: string;
  /** first three numbers of that network's addresses */
  network: string;
  address: string;
}

/** `sh` is the first process there, and buries what others leave. */
const beginning = ({ name, folder, network }: Place): string =>
  [
    'set -e',
    `hostname ${name}`,
    'mount --make-rprivate /',
    'mount -t tmpfs tmpfs /run',
    'mkdir -p /run/lock',
    ...[...ownFolders, sharedFolder].map((own) => `mkdir -p ${folder}${own} ${own}`),
    `mount --bind ${sharedFolder} ${folder}${sharedFolder}`,
    ...ownFolders.map((own) => `mount --rbind ${folder}${own} ${own}`), // the last hides where they lie
    'ip link set lo up',
    `dockerd --host unix:///run/docker.sock --data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid --insecure-registry ${network}.0/24 &`,
    // ended by what ends the host
    'while :; do wait || :; sleep 1; done',
  ].join('\n');

export async function openStage(names: readonly string[]): Promise<Stage> {
  const folder = mkdtempSync('/var/tmp/staged-');
  // in a network of its own too: this computer's firewall may drop what it hands on between others
  const between = path.basename(folder).toLowerCase();
  const network = `10.${100 + (process.pid % 100)}.77`;
  const address = `${network}.1`;
  run('ip', 'netns', 'add', between);
  run('ip', '-n', between, 'link', 'add', 'bridge0', 'type', 'bridge');
  run('ip', '-n', between, 'link', 'set', 'bridge0', 'up');
  run('ip', '-n', between, 'address', 'add', `${address}/24`, 'dev', 'bridge0');
  run('ip', '-n', between, 'link', 'set', 'lo', 'up');
  const hosts = names.map((name, at) =>
    hostAt({ name, folder: path.join(folder, name), between, network, address: `${network}.${at + 10}` }),
  );
  const close = async () => {
    await Promise.all(hosts.map(({ cut }) => cut()));
    run('ip', 'netns', 'delete', between);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(hosts.map(({ start }) => start()));
    const beside = (...words: string[]) => ['nsenter', `--net=/run/netns/${between}`, '--', ...words];
    return { hosts, address, beside, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A host while it is on. */
interface Running {
  outer: ChildProcess;
  gone: Promise<unknown>;
  /** its first process, by its number here */
  first: string;
}

function hostAt(place: Place): StagedHost {
  const { name, folder, between, address } = place;
  mkdirSync(folder);
  const log = path.join(folder, 'log');
  let running: Running | undefined;
  const here = (): Running => {
    if (!running) throw new Error(`${name} is off`);
    return running;
  };
  const inside = (...words: string[]) =>
    run('nsenter', '--target', here().first, '--mount', '--net', '--uts', '--ipc', '--pid', '--', ...words);
  const docker = (...words: string[]) => inside('docker', ...words);
  return {
    ...{ name, address, inside, docker },
    get endpoint() {
      return `unix:///proc/${here().first}/root/run/docker.sock`;
    },
    async start() {
      running = turnOn(place, log);
      inside('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
      inside('ip', 'link', 'set', 'eth0', 'up');
      for (let tries = 0; ; tries++) {
        try {
          docker('version');
          return;
        } catch (error) {
          if (running.outer.exitCode !== null || tries > 300)
            throw new Error(`${name}: ${readFileSync(log, 'utf8').slice(-2000)}`, { cause: error });
          await sleep(100);
        }
      }
    },
    async cut() {
      if (!running) return;
      const containers = readdirSync(path.join(folder, 'var/lib/docker/containers'));
      running.outer.kill('SIGKILL');
      await running.gone;
      running = undefined;
      // the kernel takes its time to do it with the network that it led to
      run('sh', '-c', `ip -n ${between} link delete ${portOf(place)} 2>/dev/null || :`);
      await removeCgroups(containers);
    },
  };
}

const portOf = ({ address }: Place): string => `port${address.split('.').at(-1)}`;

function turnOn(place: Place, log: string): Running {
  const { between } = place;
  const output = openSync(log, 'a');
  const apart = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const outer = spawn('unshare', [...apart, 'sh', '-c', beginning(place)], {
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const gone = once(outer, 'exit');
  const first = firstProcess(outer);
  const port = portOf(place);
  run('ip', '-n', between, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', first);
  run('ip', '-n', between, 'link', 'set', port, 'master', 'bridge0', 'up');
  return { outer, gone, first };
}

function firstProcess(outer: ChildProcess): string {
  for (;;) {
    const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim();
    if (children !== '') return children.split(' ')[0]!;
    if (outer.exitCode !== null) throw new Error('unshare has ended');
  }
}

/** Of containers: they are this computer's, whose power was not cut. Waits until nothing runs in them any more. */
async function removeCgroups(containers: readonly string[]): Promise<void> {
  for (const controller of readdirSync('/sys/fs/cgroup'))
    for (const id of containers) await removeCgroup(`/sys/fs/cgroup/${controller}/docker/${id}`);
}
