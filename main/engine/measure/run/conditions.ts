/** The host facts kept with every run: without them a number cannot be compared with another one. */
import os from 'node:os';
import si from 'systeminformation';
import { HostState, type Environment, type Missing } from '../../../contract/run/run';
import { hostState, type Sources } from './hostState';
import { fileText } from './power';

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

/** Reads the host. What cannot be read is left out and named in `missing`. */
export async function hostConditions(sources: Sources = {}): Promise<{
  host: Host;
  missing: Missing[];
}> {
  const { memory = si.mem } = sources;
  const [cpu, osInfo, system, mem, cgroup, state] = await Promise.all([
    si.cpu(),
    si.osInfo(),
    si.system(),
    memory(),
    cgroupVersion(),
    hostState(sources),
  ]);
  const facts = {
    cpu: `${cpu.manufacturer} ${cpu.brand}`.trim(),
    cores: os.cpus().length || undefined,
    memoryBytes: mem.total || undefined,
    availableBytes: mem.available || undefined,
    os: `${osInfo.distro} ${osInfo.release}`.trim(),
    kernel: os.release(),
    virtualisation: await virtualisation(system),
    loadAverage: process.platform === 'win32' ? undefined : os.loadavg()[0], // always 0 on Windows
    cgroupVersion: cgroup,
    ...Object.fromEntries(HostState.keyof().options.map((name) => [name, state[name]])),
  };
  const missing = Object.entries(facts).flatMap(([what, value]) =>
    known<unknown>(value) ? [] : [{ what: `host.${what}`, reason: 'not-offered-by-this-system' }],
  );
  const host = Object.fromEntries(Object.entries(facts).filter(([, value]) => known<unknown>(value))) as Host;
  return { host, missing };
}
