/** What a process sees of the system around it, from the words of assets/workloads/witness. Pure. */

export interface Testimony {
  kernel?: string;
  boot?: string;
  hostname?: string;
  processes?: { pid: number; parent: number; name: string }[];
  /** process that wrote this answer */
  writer?: number;
  /** `source on /point (type)`, in the kernel's order */
  mounts?: { point: string; type: string; line: string }[];
  /** `name address` */
  interfaces?: string[];
  uid?: number;
  memoryBytes?: number;
  processors?: { models: string[]; usable: number };
  uptimeMs?: number;
  /** wall clock, ms since 1970; whole seconds */
  clockMs?: number;
  /** `kind name` */
  devices?: string[];
  /** effective ones, as bits */
  capabilities?: bigint;
  seccomp?: { mode: number; filters: number };
  /** name → identity within this kernel */
  namespaces?: Map<string, string>;
  settings?: 'writable' | 'read-only';
  /** the host's own service on its loopback, and its own file, as far as they were reached */
  loopback?: Try[];
  hostFiles?: Try[];
}

/** Where something was looked for, and what it said; empty: nothing was there. */
export interface Try {
  place: string;
  answer: string;
}

/** Lines by section name. */
export type Sections = Map<string, string[]>;

/** Takes an answer apart: `=== NAME`, then lines up to the next section. */
export function sectionsOf(text: string): Sections {
  const sections: Sections = new Map();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^=== ([\w-]+)$/.exec(line)?.[1];
    if (name) sections.set(name, (lines = []));
    else if (line !== '') lines.push(line);
  }
  return sections;
}

/** A section that is empty or makes no sense leaves its fact out. */
export function testimonyOf(sections: Sections): Testimony {
  const lines = (name: string): string[] => sections.get(name) ?? [];
  const first = (name: string): string | undefined => lines(name)[0]?.trim() || undefined;
  const status = (name: string) => lines('status').find((line) => line.startsWith(`${name}:`));
  const capabilities = /([0-9a-f]+)$/.exec(status('CapEff') ?? '')?.[1];
  const settings = first('settings');
  return defined({
    kernel: first('kernel'),
    boot: first('boot'),
    hostname: first('hostname'),
    processes: some(lines('processes').flatMap(processOf)),
    writer: number(/(\d+)$/.exec(status('PPid') ?? '')?.[1]),
    mounts: some(lines('mounts').flatMap(mountOf)),
    interfaces: some(lines('interfaces')),
    uid: number(/^uid=(\d+)/.exec(first('user') ?? '')?.[1]),
    memoryBytes: kibibytes(first('memory')),
    processors: processorsOf(lines('processors'), first('usable-processors')),
    uptimeMs: milliseconds(first('uptime')?.split(' ')[0]),
    clockMs: milliseconds(first('clock')),
    devices: some(lines('devices')),
    capabilities: capabilities === undefined ? undefined : BigInt(`0x${capabilities}`),
    seccomp: seccompOf(status('Seccomp'), status('Seccomp_filters')),
    namespaces: namespacesOf(lines('namespaces')),
    settings: settings === 'writable' || settings === 'read-only' ? settings : undefined,
    loopback: some(lines('loopback').map(tryOf)),
    hostFiles: some(lines('host-files').map(tryOf)),
  });
}

/** The fields that are there. */
const defined = (fields: { [K in keyof Testimony]: Testimony[K] | undefined }): Testimony =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;

const milliseconds = (seconds: string | undefined): number | undefined => {
  const value = number(seconds);
  return value === undefined ? undefined : value * 1000;
};

const kibibytes = (line: string | undefined): number | undefined => {
  const value = number(/(\d+) kB$/.exec(line ?? '')?.[1]);
  return value === undefined ? undefined : value * 1024;
};

/** /proc/PID/stat: the name stands in brackets and may hold anything, brackets too. */
function processOf(line: string): { pid: number; parent: number; name: string }[] {
  const [, pid, name, parent] = /^(\d+) \((.*)\) \S (\d+) /.exec(line) ?? [];
  return pid && parent ? [{ pid: Number(pid), parent: Number(parent), name: name ?? '' }] : [];
}

/** A place may hold spaces, an answer none. */
function tryOf(line: string): Try {
  const at = line.lastIndexOf(' ');
  return { place: line.slice(0, at), answer: line.slice(at + 1) };
}

function mountOf(line: string): { point: string; type: string; line: string }[] {
  const [source, point, type] = line.split(' ');
  return source && point && type ? [{ point, type, line: `${source} on ${point} (${type})` }] : [];
}

function processorsOf(lines: string[], usable: string | undefined): Testimony['processors'] {
  const models = lines.map((line) => line.replace(/^[^:]*:\s*/, ''));
  const count = number(usable);
  return count === undefined ? undefined : { models, usable: count };
}

function seccompOf(mode: string | undefined, filters: string | undefined): Testimony['seccomp'] {
  const value = (line: string | undefined) => number(/(\d+)$/.exec(line ?? '')?.[1]);
  const known = value(mode);
  // Older kernels do not count filters: mode 2 is at least one.
  return known === undefined ? undefined : { mode: known, filters: value(filters) ?? (known === 2 ? 1 : 0) };
}

function namespacesOf(lines: string[]): Map<string, string> | undefined {
  const entries = lines.flatMap((line): [string, string][] => {
    const [name, identity] = line.split(' ');
    return name && identity ? [[name, identity]] : [];
  });
  return entries.length > 0 ? new Map(entries) : undefined;
}

/**
 * The application: for each request it starts a child, which starts the script that writes the answer. Other scripts than the
 * writer may be there: one whose asker has gone away loses its parent while the list is being read.
 */
export function applicationPid({ processes = [], writer }: Testimony): number | undefined {
  const parentOf = (pid?: number) => processes.find((one) => one.pid === pid)?.parent;
  return parentOf(parentOf(writer));
}

/** In the order of their bits (linux/capability.h). */
const capabilityNames = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service',
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin',
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override',
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore',
]
  .join(' ')
  .split(' ');

/** Names of the capabilities in a set; a bit that is newer than this list keeps its number. */
export function namesOf(capabilities: bigint): string[] {
  const names: string[] = [];
  for (let bit = 0; capabilities >> BigInt(bit) > 0n; bit++) {
    if ((capabilities >> BigInt(bit)) & 1n) names.push(capabilityNames[bit] ?? `capability ${bit}`);
  }
  return names;
}
