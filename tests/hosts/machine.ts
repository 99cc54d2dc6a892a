/** A host that is up: QEMU on a disk of its own above the base system, reached over ssh through a port of the loopback interface. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../main/engine/base/process/ports';
import { bound } from '../../main/engine/base/process/programs';
import { openBase, user, type Base } from './base';
import type { Architecture, Host } from './hosts';
import { attempt, run, type Ended } from './programs';

/** Of Docker with its own certificates. */
const dockerPort = 2376;
const bootLimitMs = 30 * 60_000;
const setUpLimitMs = 60 * 60_000;
const offLimitMs = 180_000;

interface Emulation {
  program: string;
  machine: string;
  processor: string;
  console: string;
}

/** An emulated arm64 of the newest kind spends its time on signing pointers. */
const emulations: Record<Architecture, Emulation> = {
  amd64: { program: 'qemu-system-x86_64', machine: 'q35', processor: 'max', console: 'ttyS0' },
  arm64: { program: 'qemu-system-aarch64', machine: 'virt', processor: 'cortex-a72', console: 'ttyAMA0' },
};

export interface Machine {
  /** what a person types before a command for it */
  ssh: string[];
  /** of this computer; forwarded to Docker's port with TLS */
  dockerPort: number;
  /** runs shell commands there */
  shell(commands: string, options?: Wishes): Promise<Ended>;
  /** turns it off */
  end(): Promise<void>;
}

interface Wishes {
  as?: 'root' | typeof user;
  log?: string;
  limitMs?: number;
  input?: string;
}

export interface Place {
  /** where disks stay from run to run */
  cache: string;
  /** which of a host's disks: one that is kept up must not keep others from being checked */
  disk: 'checked' | 'kept';
  /** sets it up anew */
  fresh: boolean;
  /** of this run: logs, keys */
  folder: string;
  /** an EROFS disk with the repository */
  parcel: string;
}

/** Boots a host, made before if it is not in the cache, and lays the repository out in its user's ~/tare. */
export async function bootHost(host: Host, place: Place): Promise<Machine> {
  const base = await openBase(host.architecture, place.cache);
  const disk = path.join(place.cache, `${place.disk}-${host.id}.qcow2`);
  const note = `${disk}.json`;
  const madeOf = JSON.stringify({ base: base.disk, setUp: host.setUp });
  const isMade =
    !place.fresh && existsSync(disk) && existsSync(note) && readFileSync(note, 'utf8') === madeOf;
  if (!isMade) {
    rmSync(note, { force: true });
    await run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', base.disk, disk]);
  }
  const machine = await boot(host, base, disk, place);
  try {
    if (!isMade) {
      console.log(`  setting it up`);
      await must(machine, `set -ex\n${host.setUp}\nsync`, path.join(place.folder, 'set-up.log'));
      writeFileSync(note, madeOf);
    }
    await must(machine, unpacking, path.join(place.folder, 'repository.log'));
  } catch (error) {
    await machine.end();
    throw error;
  }
  return machine;
}

/** The repository as it is now, and room to write above it. */
const unpacking = `
set -ex
mkdir -p /mnt/parcel /var/tare /home/${user}/tare
rm -rf /var/tare/*
mkdir /var/tare/upper /var/tare/work
mount -o ro /dev/vdb /mnt/parcel
mount -t overlay -o lowerdir=/mnt/parcel,upperdir=/var/tare/upper,workdir=/var/tare/work overlay /home/${user}/tare
chown ${user}: /home/${user}/tare
`;

async function must(machine: Machine, commands: string, log: string): Promise<void> {
  const { exit, stderr } = await machine.shell(commands, { as: 'root', log, limitMs: setUpLimitMs });
  if (exit !== 0)
    throw new Error(`its set-up ended with ${exit ?? 'its time limit'} (${log}): ${stderr.slice(-1000)}`);
}

async function boot(host: Host, base: Base, disk: string, place: Place): Promise<Machine> {
  const { program, machine, processor, console: line } = emulations[host.architecture];
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => path.join(place.folder, name);
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', at('key')]);
  const key = readFileSync(at('key.pub'), 'utf8').split(' ')[1]!.trim();
  const [sshPort, engine] = [await freePort(), await freePort()];
  const words = await bound([
    program,
    ...[
      '-machine',
      machine,
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      processor,
      '-smp',
      '2',
      '-m',
      `${host.mebibytes}`,
    ],
    ...[
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
      '-serial',
      `file:${at('console.log')}`,
    ],
    ...['-kernel', base.kernel, '-initrd', base.initrd],
    // a kernel on a computer that is busy finds its timer too slow, and stops
    ...[
      '-append',
      `root=/dev/vda rw console=${line} no_timer_check systemd.show_status=false tare.key=${key}`,
    ],
    ...['-drive', `if=none,id=system,format=qcow2,file=${disk}`, '-device', 'virtio-blk-pci,drive=system'],
    ...['-drive', `if=none,id=parcel,format=raw,read-only=on,file=${place.parcel}`],
    ...['-device', 'virtio-blk-pci,drive=parcel', '-device', 'virtio-rng-pci'],
    '-netdev',
    `user,id=net,hostfwd=tcp:127.0.0.1:${sshPort}-:22,hostfwd=tcp:127.0.0.1:${engine}-:${dockerPort}`,
    ...['-device', 'virtio-net-pci,romfile=,netdev=net'],
  ]);
  writeFileSync(at('ssh_config'), sshConfig(host, sshPort, at));
  writeFileSync(at('known_hosts'), `tare-${host.id} ${readFileSync(base.hostKey, 'utf8')}`);
  // in a group of its own: what interrupts this program in a terminal must not cut a host's disk off
  const qemu = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  const booted = new Booted(qemu, host, at('ssh_config'), engine);
  try {
    await booted.answers();
    return booted;
  } catch (error) {
    await booted.end();
    const last = existsSync(at('console.log'))
      ? readFileSync(at('console.log'), 'utf8').split('\n').slice(-25)
      : [];
    throw new Error([(error as Error).message, ...last].join('\n    '), { cause: error });
  }
}

const sshConfig = (host: Host, port: number, at: (name: string) => string): string => `Host tare-${host.id}
  HostName 127.0.0.1
  Port ${port}
  User ${user}
  IdentityFile ${at('key')}
  IdentitiesOnly yes
  HostKeyAlias tare-${host.id}
  UserKnownHostsFile ${at('known_hosts')}
  StrictHostKeyChecking yes
  ServerAliveInterval 60
  ServerAliveCountMax 10
`;

class Booted implements Machine {
  readonly ssh: string[];

  constructor(
    private readonly qemu: ChildProcess,
    { id }: Host,
    config: string,
    readonly dockerPort: number,
  ) {
    this.ssh = ['ssh', '-F', config, `tare-${id}`];
  }

  shell(commands: string, { as = user, input, ...wishes }: Wishes = {}): Promise<Ended> {
    const [program, ...words] = this.ssh as [string, ...string[]];
    const target = words.pop()!;
    const remote = input === undefined ? 'bash -ls' : commands;
    const script = `{\n${commands}\n} </dev/null\nexit $?\n`;
    return attempt([program, ...words, '-l', as, target, remote], { ...wishes, input: input ?? script });
  }

  /** Until it is wholly up: systemd has started what there is to start. */
  async answers(): Promise<void> {
    const deadline = performance.now() + bootLimitMs;
    for (;;) {
      const { exit } = await this.shell('systemctl is-system-running --wait', {
        as: 'root',
        limitMs: bootLimitMs,
      });
      if (exit === 0 || exit === 1) return; // 1: degraded, which the checks will tell of
      if (this.qemu.exitCode !== null || this.qemu.signalCode)
        throw new Error('QEMU has ended; its console:');
      if (performance.now() > deadline) throw new Error('it does not answer; its console:');
      await sleep(2000);
    }
  }

  async end(): Promise<void> {
    if (this.qemu.exitCode !== null || this.qemu.signalCode) return;
    const ended = once(this.qemu, 'exit');
    await this.shell('systemctl poweroff', { as: 'root', limitMs: 30_000 });
    const kill = setTimeout(() => this.qemu.kill('SIGKILL'), offLimitMs);
    await ended;
    clearTimeout(kill);
  }
}
