/** What the engine runs beside a container for it alone: a shim, and a proxy per published port. */
import path from 'node:path';
import { cpuMs, waitedForCpuMs, wholeCpuMs } from '../../../base/process/cpu';
import { ownFiles, type HostFiles } from '../../../base/process/hostFiles';
import {
  isRefused,
  memoryOf,
  ownBytes,
  stackBytesIn,
  statusBytes,
  type Mapped,
  type Refused,
} from '../../../base/process/memory';
import { isShim } from '../../../base/process/neighbours';
import { parentOf, processes } from '../../../base/process/proc';

export interface HelperProcesses {
  /** containerd-shim, or Podman's conmon */
  shim?: number;
  /** docker-proxy; empty when the engine publishes ports by firewall rules alone */
  proxies: number[];
}

/**
 * @param pid   the container's first process, as the host numbers it
 * @param port  the host's port that the engine published
 */
export function findHelperProcesses(pid: number, port: number, files: HostFiles = ownFiles): HelperProcesses {
  const parent = parentOf(pid, files);
  const all = processes(files);
  const line = all.find((one) => one.pid === parent);
  const hasShim = line && isShim(line.words);
  const proxies = all.filter(({ words }) => program(words) === 'docker-proxy' && publishes(words, port));
  return { ...(hasShim && { shim: line.pid }), proxies: proxies.map((one) => one.pid) };
}

const program = (words: string[]): string => path.basename(words[0] ?? '');

/** docker-proxy takes its options as `-name value`. */
const publishes = (words: string[], port: number): boolean => {
  const at = words.indexOf('-host-port');
  return at > 0 && words[at + 1] === String(port);
};

function statusOf(pid: number, files: HostFiles): string | undefined {
  try {
    return files.read(`/proc/${pid}/status`);
  } catch {
    return undefined; // ended
  }
}

/**
 * CPU time in ms of what the shim has run for a container by now and waited for: the runtime (runc), and what that ran itself. To be
 * read while the start is still fresh: whatever is executed in the container later, a health check for one, is waited for by the shim
 * too, and has its time in the cgroup already.
 * @param pid  the container's first process
 */
export function runtimeCpuMs(pid: number, files: HostFiles = ownFiles): number | undefined {
  const shim = parentOf(pid, files);
  return shim === undefined ? undefined : waitedForCpuMs(shim, files);
}

/**
 * CPU time in ms of the shim and of the proxies. What is sent to a published port passes a proxy, as a VM's passes QEMU.
 * Undefined when one of them cannot be found or read.
 */
export function helperCpuMs(
  { shim, proxies }: HelperProcesses,
  files: HostFiles = ownFiles,
): { shim: number; proxies: number } | undefined {
  const ofShim = shim === undefined ? undefined : cpuMs(shim, files);
  const ofProxies = proxies.map((pid) => cpuMs(pid, files));
  if (ofShim === undefined || !ofProxies.every((ms) => ms !== undefined)) return undefined;
  return { shim: ofShim, proxies: ofProxies.reduce((sum, ms) => sum + ms, 0) };
}

/** `instead`: the system's code for why it had to be worked out from what everybody may read */
export type HelperMemory =
  { bytes: number; mapped: ReadonlyMap<string, Mapped> } | { bytes: number; instead: string } | Refused;

/**
 * Own memory of several processes together, or, where their mappings may not be read, the next best that everybody may: what is
 * resident of no file. An ordinary user of Docker cannot read the mappings of its helpers, which run as root. The two are the same
 * for a process that shares no memory with another, as these do.
 */
export async function helperMemory(
  pids: readonly number[],
  files: HostFiles = ownFiles,
): Promise<HelperMemory> {
  const memory = await memoryOf(pids, undefined, files);
  if (!isRefused(memory)) return { bytes: ownBytes(memory), mapped: memory.mapped };
  if (memory.reason === 'ESRCH') return memory;
  const known = pids.flatMap((pid) => ownByStatus(statusOf(pid, files) ?? '') ?? []);
  if (known.length === 0) return memory;
  return { bytes: known.reduce((sum, bytes) => sum + bytes, 0), instead: memory.reason };
}

/** Own memory as /proc/PID/status tells everybody; undefined when the process has ended. */
export function ownByStatus(status: string): number | undefined {
  const bytes = ['RssAnon', 'RssShmem', 'VmSwap', 'VmPTE'].map((name) => statusBytes(status, name));
  if (!bytes.every((one) => one !== undefined)) return undefined;
  return bytes.reduce((sum, one) => sum + one, stackBytesIn(status));
}

/**
 * The engine's own daemons, dockerd and containerd, which all containers share.
 * With several engines on one machine it cannot be told whose they are.
 * @param engine  its name: Podman has no daemon that its containers need, so a dockerd that runs here is another engine's
 */
export function engineProcesses(
  engine: string | undefined,
  files: HostFiles = ownFiles,
): { pids: number[] } | { reason: string } {
  if (engine === 'Podman') return { reason: 'engine-daemonless' };
  const all = processes(files);
  const named = (name: string) => all.filter(({ words }) => program(words) === name).map((one) => one.pid);
  const daemons = named('dockerd');
  if (daemons.length !== 1) return { reason: daemons.length === 0 ? 'engine-elsewhere' : 'engines-several' };
  return { pids: [...daemons, ...named('containerd')] };
}

/** Own memory of the engine's daemons together. @param engine  as for `engineProcesses` */
export async function engineMemory(
  engine: string | undefined,
  files: HostFiles = ownFiles,
): Promise<HelperMemory> {
  const found = engineProcesses(engine, files);
  return 'reason' in found ? found : helperMemory(found.pids, files);
}

/**
 * CPU time in ms, so far, of the engine's own daemons and of what they have run and waited for: the first step of a shim, the firewall's
 * rules. Undefined where one of them cannot be read.
 */
export function daemonsCpuMs(pids: number[]): number | undefined {
  const times = pids.map((pid) => wholeCpuMs(pid));
  return times.every((ms) => ms !== undefined) ? times.reduce((sum, ms) => sum + ms, 0) : undefined;
}
