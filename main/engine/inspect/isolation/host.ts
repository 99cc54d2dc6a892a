/** The same facts on the host: what this process sees, in the sections of assets/workloads/witness. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { processes, startTicks } from '../../base/process/proc';
import type { Sections } from './testimony';

const text = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch {
    return ''; // ended, not ours to read, or not Linux: the section stays empty
  }
};

const names = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const lines = (content: string): string[] => content.split('\n').filter(Boolean);

/** @param atMs  wall clock to be told, ms since 1970 */
export function hostSections(atMs: number): Sections {
  return new Map([
    ['kernel', [os.release()]],
    ['boot', lines(text('/proc/sys/kernel/random/boot_id'))],
    ['hostname', [os.hostname()]],
    ['processes', pids().map((pid) => text(`/proc/${pid}/stat`))],
    ['mounts', lines(text('/proc/self/mounts'))],
    ['interfaces', interfaces()],
    ['user', [`uid=${process.getuid?.() ?? ''}`]],
    ['memory', lines(text('/proc/meminfo')).slice(0, 1)],
    ['processors', lines(text('/proc/cpuinfo')).filter((line) => line.startsWith('model name'))],
    ['usable-processors', [String(os.availableParallelism())]],
    ['uptime', [text('/proc/uptime')]],
    ['clock', [String(Math.floor(atMs / 1000))]],
    ['devices', devices()],
    ['status', lines(text('/proc/self/status'))],
    ['namespaces', namespaces()],
    ['settings', settings()],
  ]);
}

const pids = (): string[] => names('/proc').filter((name) => /^\d+$/.test(name));

const interfaces = (): string[] =>
  names('/sys/class/net').flatMap((name) => {
    const address = text(`/sys/class/net/${name}/address`);
    return address ? [`${name} ${address}`] : [];
  });

const devices = (): string[] =>
  names('/dev').flatMap((name) => {
    const found = lstatSync(path.join('/dev', name), { throwIfNoEntry: false });
    if (found?.isBlockDevice()) return [`block ${name}`];
    return found?.isCharacterDevice() ? [`character ${name}`] : [];
  });

function namespaces(): string[] {
  try {
    const all = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];
    return all.map((name) => `${name} ${readlinkSync(`/proc/self/ns/${name}`)}`);
  } catch {
    return [];
  }
}

/** Opens one of the kernel's settings for writing, and closes it. */
function settings(): string[] {
  try {
    closeSync(openSync('/proc/sys/vm/swappiness', 'a'));
    return ['writable'];
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : ['read-only'];
  }
}

/** What the host sees of an instance. */
export interface HostView {
  pid: number;
  uid: number;
  name: string;
  /** the application's own process, or that of the machine it runs in */
  kind: 'application' | 'machine';
}

/** In the witness's command line (assets/workloads/witness/Dockerfile). */
const witnessMark = 'tare-isolation';

/** The program that it starts with; what starts it in turn (unshare, a shim) has it among its words too. */
const witnessProgram = '/isolation/busybox';

/** Processes of the host that are the witness. */
export const witnesses = (): Set<number> =>
  new Set(named((words) => words[0] === witnessProgram && words.includes(witnessMark)));

const named = (isIt: (words: string[]) => boolean): number[] =>
  processes().flatMap(({ pid, words }) => (startTicks(pid) !== undefined && isIt(words) ? [pid] : []));

/**
 * The host's process that is the application; else the one of this session that holds it, which has a name from the ledger in
 * its command line. Undefined when the host sees neither, as when the engine runs on another machine.
 * @param before   witnesses that were there before the instance was started
 * @param session  the ledger's name for this session
 */
export function hostView(before: Set<number>, session: string): HostView | undefined {
  const fresh = [...witnesses()].filter((pid) => !before.has(pid));
  // Its child that answers a request has the same command line.
  const own = fresh.find((pid) => !fresh.includes(statusNumber(pid, 'PPid') ?? 0));
  if (own !== undefined) return viewOf(own, 'application');
  const holder = named((words) => words.some((word) => word.includes(`tare-${session}-`)))[0];
  return holder === undefined ? undefined : viewOf(holder, 'machine');
}

function viewOf(pid: number, kind: HostView['kind']): HostView | undefined {
  const uid = statusNumber(pid, 'Uid');
  return uid === undefined ? undefined : { pid, uid, name: text(`/proc/${pid}/comm`), kind };
}

function statusNumber(pid: number, field: string): number | undefined {
  const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text(`/proc/${pid}/status`))?.[1];
  return found === undefined ? undefined : Number(found);
}
