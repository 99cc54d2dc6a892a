/** A Docker of the test's own, with other runtimes or features than the machine's: that one belongs to everybody and is never changed. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { patience } from '../patience';

/** An engine that hangs is a finding, and must not hang whoever looks for it. */
const longestMs = 120_000;

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  }).trim();

export interface OwnDaemon {
  /** as DOCKER_HOST names it */
  endpoint: string;
  /** all that it has; among the words of its containers' processes */
  folder: string;
  /** runs the docker command line against it */
  docker: (...words: string[]) => string;
  /** copies an image from the machine's Docker */
  copy: (reference: string) => void;
  /** to the daemon itself; what it started goes on */
  signal: (name: NodeJS.Signals) => void;
  /** starts it again once it has ended */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** A runtime as the engine's configuration has it. */
export interface Runtime {
  path: string;
  runtimeArgs?: string[];
}

/** Each has a network of its own. */
let opened = 0;

/** Images where containerd keeps them, as a fresh Docker 29 has it. */
export const containerdStore = { 'containerd-snapshotter': true };

/** Needs root. It touches no firewall rule, so ports are published by its proxies alone. */
export async function ownDaemon(
  runtimes: Record<string, Runtime> = {},
  features: Record<string, boolean> = {},
): Promise<OwnDaemon> {
  const folder = mkdtempSync('/var/tmp/tare-dockerd-');
  const at = (name: string) => path.join(folder, name);
  const endpoint = `unix://${at('docker.sock')}`;
  const bridge = `tare-${folder.slice(-6).toLowerCase()}`;
  run('ip', 'link', 'add', bridge, 'type', 'bridge');
  run('ip', 'address', 'add', `172.31.${(process.pid + opened++) % 250}.1/24`, 'dev', bridge);
  const words = [
    ...['--host', endpoint, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
    ...['--bridge', bridge, '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
    ...['--config-file', at('configuration.json')],
  ];
  const log = openSync(at('log'), 'w');
  writeFileSync(at('configuration.json'), JSON.stringify({ runtimes, features }));
  // crun refuses a cgroup v2 with controllers of its own beside v1's: other runtimes just do not see that one. Without it
  // containerd is told of no container that ran out of memory, so it stays where runc is the only one.
  const others = Object.keys(runtimes).length > 0;
  const hidden = `${others ? 'umount /sys/fs/cgroup/unified 2>/dev/null; ' : ''}exec dockerd "$@"`;
  const begin = () => {
    const daemon = spawn('unshare', ['--mount', 'sh', '-c', hidden, 'dockerd', ...words], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    return { daemon, ended: once(daemon, 'close') };
  };
  let current = begin();
  const docker = (...arguments_: string[]) => run('docker', '--host', endpoint, ...arguments_);
  const stop = async () => {
    current.daemon.kill('SIGTERM');
    await current.ended;
    run('ip', 'link', 'delete', bridge);
    rmSync(folder, { recursive: true, force: true });
  };
  const answers = async () => {
    for (const deadline = Date.now() + patience.timeout; ;) {
      try {
        docker('version');
        return;
      } catch (error) {
        if (current.daemon.exitCode !== null || Date.now() > deadline) {
          const told = readFileSync(at('log'), 'utf8').slice(-2000);
          await stop();
          throw new Error(`dockerd did not start: ${told}`, { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  await answers();
  const restart = async () => {
    await current.ended;
    current = begin();
    await answers();
  };
  const signal = (name: NodeJS.Signals) => void current.daemon.kill(name);
  const copy = (reference: string) =>
    void run('sh', '-c', `docker save '${reference}' | docker --host '${endpoint}' load`);
  return { endpoint, folder, docker, copy, signal, restart, stop };
}
