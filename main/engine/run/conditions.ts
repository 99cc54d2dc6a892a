/** The host facts kept with every run: without them a number cannot be compared with another one. */
import os from 'node:os';
import si from 'systeminformation';
import type { Environment, Missing } from '../../contract/run/run';
import { fileText, livesOnBattery, turboAllowed } from './power';

type Host = Environment['host'];

/** cgroup v2 shows its controllers at the root of the hierarchy; v1 and hybrid do not. Undefined where there are no cgroups. */
async function cgroupVersion(): Promise<number | undefined> {
  if ((await fileText('/sys/fs/cgroup/cgroup.controllers')) !== undefined) return 2;
  return (await fileText('/proc/self/cgroup')) === undefined ? undefined : 1;
}

/** The hypervisor below this host. A `hypervisor` CPU flag settles that there is one even where its name is not told. */
async function virtualisation(system: si.Systeminformation.SystemData): Promise<string> {
  if (system.virtual) return system.virtualHost || system.manufacturer || 'unknown';
  const flags = await fileText('/proc/cpuinfo');
  return flags !== undefined && /^flags\s*:.*\bhypervisor\b/m.test(flags) ? 'unknown' : 'none';
}

const known = <T>(value: T | undefined): value is T => value !== undefined && value !== '';

/** Where the host is read from. */
interface Sources {
  /** default: /sys */
  sys?: string;
  /** default: systeminformation */
  memory?: () => Promise<
    Pick<si.Systeminformation.MemData, 'total' | 'available' | 'swaptotal' | 'swapused'>
  >;
}

/** Reads the host. What cannot be read is left out and named in `missing`. */
export async function hostConditions({ sys = '/sys', memory = si.mem }: Sources = {}): Promise<{
  host: Host;
  missing: Missing[];
}> {
  const [cpu, osInfo, system, mem, governor, cgroup, ksm, turbo, onBattery] = await Promise.all([
    si.cpu(),
    si.osInfo(),
    si.system(),
    memory(),
    fileText(`${sys}/devices/system/cpu/cpu0/cpufreq/scaling_governor`),
    cgroupVersion(),
    fileText(`${sys}/kernel/mm/ksm/run`),
    turboAllowed(sys),
    livesOnBattery(sys),
  ]);
  const facts = {
    cpu: `${cpu.manufacturer} ${cpu.brand}`.trim(),
    cores: os.cpus().length || undefined,
    memoryBytes: mem.total || undefined,
    availableBytes: mem.available || undefined,
    swapBytes: mem.swaptotal,
    swapUsedBytes: mem.total > 0 ? mem.swapused : undefined, // systeminformation answers 0 when it could not read
    os: `${osInfo.distro} ${osInfo.release}`.trim(),
    kernel: os.release(),
    governor,
    virtualisation: await virtualisation(system),
    loadAverage: process.platform === 'win32' ? undefined : os.loadavg()[0], // always 0 on Windows
    cgroupVersion: cgroup,
    ksm: ksm === undefined ? undefined : ksm !== '0',
    turbo,
    onBattery,
  };
  const missing = Object.entries(facts).flatMap(([what, value]) =>
    known<unknown>(value) ? [] : [{ what: `host.${what}`, reason: 'not-offered-by-this-system' }],
  );
  const host = Object.fromEntries(Object.entries(facts).filter(([, value]) => known<unknown>(value))) as Host;
  return { host, missing };
}
