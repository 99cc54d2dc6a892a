/** What the engine runs beside a container for it alone: a shim, and a proxy per published port. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cpuMs, waitedForCpuMs, wholeCpuMs } from '../../process/cpu';
import { processes } from '../../process/proc';
import { pssOfAll } from '../../process/shares';

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
export function findHelperProcesses(pid: number, port: number): HelperProcesses {
  const parent = parentOf(pid);
  const all = processes();
  const line = all.find((one) => one.pid === parent);
  const isShim = line && /^(containerd-shim|conmon)/.test(program(line.words));
  const proxies = all.filter(({ words }) => program(words) === 'docker-proxy' && publishes(words, port));
  return { ...(isShim && { shim: line.pid }), proxies: proxies.map((one) => one.pid) };
}

const program = (words: string[]): string => path.basename(words[0] ?? '');

/** docker-proxy takes its options as `-name value`. */
const publishes = (words: string[], port: number): boolean => {
  const at = words.indexOf('-host-port');
  return at > 0 && words[at + 1] === String(port);
};

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)$/m.exec(statusOf(pid) ?? '')?.[1]);

function statusOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
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
export const runtimeCpuMs = (pid: number): number | undefined => waitedForCpuMs(parentOf(pid));

/**
 * CPU time of the shim and the proxies together, in ms. What is sent to a published port passes a proxy, as a VM's passes QEMU.
 * Undefined when one of them cannot be found or read.
 */
export function helperCpuMs({ shim, proxies }: HelperProcesses): number | undefined {
  if (shim === undefined) return undefined;
  const times = [shim, ...proxies].map(cpuMs);
  return times.every((ms) => ms !== undefined) ? times.reduce((sum, ms) => sum + ms, 0) : undefined;
}

/** A figure, or the system's code for why there is none; `instead` is the code for why it had to be worked out from others. */
export type MemoryFigure = { bytes: number; instead?: string } | { reason: string };

/**
 * PSS of several processes together, or, where it may not be read, the next best that everybody may: what is resident,
 * with the pages of files divided among the processes of the same program. An ordinary user of Docker cannot read the
 * PSS of its helpers, which run as root; without them a small container would seem to weigh a tenth of what it does.
 * Against PSS it came out 2 to 7 % above for shims and daemons, and 0.4 to 1.7 MB above for a proxy.
 */
export async function shareOfAll(pids: number[]): Promise<MemoryFigure> {
  const pss = await pssOfAll(pids);
  if ('bytes' in pss || pss.reason === 'ESRCH') return pss;
  const all = processes();
  const programs = new Map(all.map((one) => [one.pid, program(one.words)]));
  const sharers = (pid: number) => all.filter((one) => program(one.words) === programs.get(pid)).length || 1;
  const shares = pids.flatMap((pid) => {
    const resident = residentOf(pid);
    return resident ? [resident.ownBytes + resident.fileBytes / sharers(pid)] : [];
  });
  if (shares.length === 0) return pss;
  return { bytes: Math.round(shares.reduce((sum, bytes) => sum + bytes, 0)), instead: pss.reason };
}

/** Resident memory as /proc/PID/status tells everybody; undefined when the process has ended. */
function residentOf(pid: number): { ownBytes: number; fileBytes: number } | undefined {
  const status = statusOf(pid);
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status ?? '')?.[1]) * 1024;
  const found = { ownBytes: bytes('RssAnon') + bytes('RssShmem'), fileBytes: bytes('RssFile') };
  return Number.isNaN(found.ownBytes + found.fileBytes) ? undefined : found;
}

/**
 * The engine's own daemons, dockerd and containerd, which all containers share.
 * With several engines on one machine it cannot be told whose they are.
 * @param engine  its name: Podman has no daemon that its containers need, so a dockerd that runs here is another engine's
 */
export function engineProcesses(engine: string | undefined): { pids: number[] } | { reason: string } {
  if (engine === 'Podman') return { reason: 'engine-daemonless' };
  const all = processes();
  const named = (name: string) => all.filter(({ words }) => program(words) === name).map((one) => one.pid);
  const daemons = named('dockerd');
  if (daemons.length !== 1) return { reason: daemons.length === 0 ? 'engine-elsewhere' : 'engines-several' };
  return { pids: [...daemons, ...named('containerd')] };
}

/** PSS of the engine's own daemons together. @param engine  as for `engineProcesses` */
export async function engineShareBytes(engine: string | undefined): Promise<MemoryFigure> {
  const found = engineProcesses(engine);
  return 'reason' in found ? found : shareOfAll(found.pids);
}

/**
 * CPU time in ms, so far, of the engine's own daemons and of what they have run and waited for: the first step of a shim, the firewall's
 * rules. Undefined where one of them cannot be read.
 */
export function daemonsCpuMs(pids: number[]): number | undefined {
  const times = pids.map(wholeCpuMs);
  return times.every((ms) => ms !== undefined) ? times.reduce((sum, ms) => sum + ms, 0) : undefined;
}
