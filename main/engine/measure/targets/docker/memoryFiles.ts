/**
 * What lies in memory without being mapped: pages of memory files and of file systems in memory are in the figures of no process then.
 * A control group counts them; without one they are asked for here.
 */
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import type { ProcessMemory } from '../../../base/process/memory';

/** Bytes in memory and in swap, by what mappings tell of it: `DEVICE INODE` of a file, `DEVICE` of a whole file system. */
export type InMemoryBytes = ReadonlyMap<string, number>;

/**
 * How much more there is than the shares that the processes' mappings tell. Less, where two processes have one address space, as
 * gVisor's have: each tells all of it.
 */
export function beyondMappings({ mapped }: Pick<ProcessMemory, 'mapped'>, held: InMemoryBytes): number {
  let bytes = 0;
  for (const [key, whole] of held) {
    const isOfIt = (one: string) => one === key || one.startsWith(`${key} `);
    const shares = [...mapped].map(([one, { shareBytes }]) => (isOfIt(one) ? shareBytes : 0));
    bytes += whole - shares.reduce((sum, share) => sum + share, 0);
  }
  return bytes;
}

/**
 * Memory files (memfd_create) that processes hold open, each once and in full. Those that have ended hold none.
 * @throws a system error: `EACCES` when one of them is not ours to look into
 */
export function memoryFiles(pids: readonly number[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of pids) {
    for (const link of descriptorsOf(pid)) {
      const file = ifThere(() => (readlinkSync(link).startsWith('/memfd:') ? statSync(link) : undefined));
      if (file) found.set(`${deviceName(file.dev)} ${file.ino}`, file.blocks * 512);
    }
  }
  return found;
}

const descriptorsOf = (pid: number): string[] => {
  const folder = `/proc/${pid}/fd`;
  return (ifThere(() => readdirSync(folder)) ?? []).map((descriptor) => `${folder}/${descriptor}`);
};

/**
 * File systems in memory that a process sees and this one does not, or only where their mount point names `id`, as the engine's own are.
 * @throws a system error: `EACCES` when it is not ours to look into
 */
export function memoryFileSystems(pid: number, id: string): Map<string, number> {
  const here = readFileSync('/proc/self/mountinfo', 'utf8');
  const there = ifThere(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8')) ?? '';
  const found = new Map<string, number>();
  for (const { device, point } of ownFileSystems(there, here, id)) {
    const place = `/proc/${pid}/root${point}`;
    const figures = ifThere(() =>
      // what another file system is mounted over cannot be asked there
      deviceName(statSync(place).dev) === device ? statfsSync(place) : undefined,
    );
    if (figures) found.set(device, (figures.blocks - figures.bfree) * figures.bsize);
  }
  return found;
}

/** Pure part of {@link memoryFileSystems}: its first mount point of each. */
export function ownFileSystems(there: string, here: string, id: string): { device: string; point: string }[] {
  const others = new Set(tmpfsIn(here).flatMap(({ device, point }) => (point.includes(id) ? [] : device)));
  const own = tmpfsIn(there).filter(({ device }) => !others.has(device));
  return own.filter(({ device }, at) => own.findIndex((one) => one.device === device) === at);
}

function tmpfsIn(mountinfo: string): { device: string; point: string }[] {
  return mountinfo.split('\n').flatMap((line) => {
    if (!/ - tmpfs /.test(line)) return [];
    const [, , numbers = '', , point = ''] = line.split(' ');
    const [major, minor] = numbers.split(':').map(Number);
    return [{ device: name(major!, minor!), point }];
  });
}

const hexadecimal = (number: number): string => number.toString(16).padStart(2, '0');
const name = (major: number, minor: number): string => `${hexadecimal(major)}:${hexadecimal(minor)}`;

/** A device as mappings write it. @param dev  as stat tells it: minor, major and the rest of minor, as Linux puts them together */
const deviceName = (dev: number): string => name((dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00));

/** Undefined when it, or the process that it is of, is gone. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (/^(ENOENT|ESRCH)$/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
