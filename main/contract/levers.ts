/**
 * Levers: one thing about a VM changed, as part of the target's name (`vm:micro+disk=ext4`, `vm:direct+cpus=2+memory=128M`), so that
 * a changed machine is a target like any other: planned, interleaved, recorded and compared.
 */
import { parseBytes } from './quantities';

export interface Lever {
  name: string;
  value: string;
}

const mebibyte = 1024 * 1024;
const [least, most] = [64 * mebibyte, 8192 * mebibyte];

const isSize = (value: string): boolean => {
  const bytes = /^\d+[MG]$/.test(value) ? parseBytes(value) : undefined;
  return bytes !== undefined && bytes >= least && bytes <= most;
};
const oneOf =
  (...values: string[]) =>
  (value: string): boolean =>
    values.includes(value);

/** By rung: the levers that it has, and which values they take. What is not named here is as the rung itself has it. */
const levers: Record<string, Record<string, (value: string) => boolean>> = {
  'vm:direct': {
    /** our own, instead of the distribution's */
    kernel: oneOf('minimal'),
    /** a kernel that unpacks itself, instead of an uncompressed one that is entered at once (PVH) */
    entry: oneOf('bzimage'),
    /** instead of SeaBIOS */
    firmware: oneOf('qboot'),
    console: oneOf('verbose', 'off'),
    cpus: oneOf('2', '4', '8'),
    memory: isSize,
  },
  'vm:micro': {
    /** `verbose`: the kernel's log on the serial line · `off`: the kernel has no console */
    console: oneOf('verbose', 'off'),
    cpus: oneOf('2', '4', '8'),
    memory: isSize,
    /** what the image is given as, instead of EROFS */
    disk: oneOf('squashfs', 'ext4', 'initramfs'),
    /** free pages are kept, instead of given back to the host */
    reporting: oneOf('off'),
  },
};

/** A target without its levers and without the mark of its second time, and the levers it has. */
export function variantOf(target: string): { rung: string; levers: Lever[] } {
  const [rung = '', ...words] = target.replace(/#2$/, '').split('+');
  const pulled = words.map((word) => ({
    name: word.split('=')[0]!,
    value: word.slice(word.indexOf('=') + 1),
  }));
  return { rung, levers: pulled };
}

/** Whether every lever in the target's name is one of its rung, named once and with a value that it takes. */
export function hasKnownLevers(target: string): boolean {
  const { rung, levers: pulled } = variantOf(target);
  const known = levers[rung] ?? {};
  const names = new Set(pulled.map(({ name }) => name));
  return (
    names.size === pulled.length &&
    pulled.every(({ name, value }) => Object.hasOwn(known, name) && known[name]!(value))
  );
}

/** The limits that a workload has on this target: levers may change them. */
export function limitsOn<T extends { memoryBytes: number; cpus: number }>(target: string, limits: T): T {
  const changed = { ...limits };
  for (const { name, value } of variantOf(target).levers) {
    if (name === 'cpus') changed.cpus = Number(value);
    if (name === 'memory') changed.memoryBytes = parseBytes(value)!;
  }
  return changed;
}
