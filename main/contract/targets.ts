/**
 * The table of targets: every way to run an image. What a target is stands here and nowhere else; the rest of the program reads its
 * features and never its name. A new one is an entry here, a folder in engine/measure/targets, and its words.
 */
import { z } from 'zod';
import type { Problem } from './keys';
import { parseBytes } from './quantities';

export const targetKinds = ['process', 'container', 'vm'] as const;
/** What kind of way to run something a target is: it decides colour and pattern, the same everywhere. */
export type TargetKind = (typeof targetKinds)[number];

/**
 * What comes up before the application does. `nothing`: the host's kernel runs it · `kernel`: a kernel of its own, booted directly ·
 * `memory`: the same, resumed from a saved state · `system`: firmware, boot loader and a distribution's services
 */
export type Boots = 'nothing' | 'kernel' | 'memory' | 'system';

/** A check of the doctor that a target may need. */
export type TargetNeed = 'docker' | 'qemu' | 'disk-tools' | 'kit' | 'accelerator';

/** Whether a tuning option takes this value. */
type Takes = (value: string) => boolean;

interface TargetEntry {
  id: string;
  kind: TargetKind;
  /** what comes up before the application does */
  boots: Boots;
  /** what it runs: the image's files as the engine keeps them, laid out in a folder, or made into a disk · a disk that somebody has, and no image */
  files: 'engine' | 'folder' | 'disk' | 'own-disk';
  /** whether the workload's limits are enforced on it */
  hasLimits: boolean;
  /** whether instances that are up together can reach each other by name */
  sharesNetwork: boolean;
  /** whether instances that are up together are in one machine */
  sharesMachine: boolean;
  /** how long a plan that says nothing waits for its first good answer */
  readyTimeoutMs: number;
  needs: readonly TargetNeed[];
  /** `ID:NAME` is the same with another runtime of the container engine */
  takesRuntime: boolean;
  /** `ID#2` is the same a second time: compared with itself it shows what this machine can tell apart */
  repeats: boolean;
  /** options by name, one of which may be changed each (`ID+name=value`), and the values they take; others stay as they are */
  tuning: Readonly<Record<string, Takes>>;
}

const mebibyte = 1024 * 1024;
const [leastMemory, mostMemory] = [64 * mebibyte, 8192 * mebibyte];

const isSize: Takes = (value) => {
  const bytes = /^\d+[MG]$/.test(value) ? parseBytes(value) : undefined;
  return bytes !== undefined && bytes >= leastMemory && bytes <= mostMemory;
};
const oneOf =
  (...values: string[]): Takes =>
  (value) =>
    values.includes(value);

const minuteMs = 60_000;
const vm = {
  kind: 'vm',
  files: 'disk',
  hasLimits: true,
  sharesNetwork: false,
  sharesMachine: false,
  readyTimeoutMs: minuteMs,
  needs: ['docker', 'qemu', 'disk-tools', 'kit', 'accelerator'],
  takesRuntime: false,
  repeats: true,
  tuning: {},
} as const;

/** From the thinnest packaging to the thickest: the order of reports. */
export const targets = [
  {
    id: 'process',
    kind: 'process',
    boots: 'nothing',
    files: 'folder',
    hasLimits: false,
    sharesNetwork: true,
    sharesMachine: false,
    readyTimeoutMs: minuteMs,
    needs: ['docker', 'kit'],
    takesRuntime: false,
    repeats: false,
    tuning: {},
  },
  {
    id: 'container',
    kind: 'container',
    boots: 'nothing',
    files: 'engine',
    hasLimits: true,
    sharesNetwork: true,
    sharesMachine: false,
    readyTimeoutMs: minuteMs,
    needs: ['docker'],
    takesRuntime: true,
    repeats: true,
    tuning: {},
  },
  {
    ...vm,
    id: 'vm:snapshot',
    boots: 'memory',
    tuning: {
      /** its memory is read whole before it runs, instead of mapped from the file and read page by page */
      state: oneOf('copied'),
    },
  },
  {
    ...vm,
    id: 'vm:micro',
    boots: 'kernel',
    tuning: {
      /** `verbose`: the kernel's log on the serial line · `off`: the kernel has no console */
      console: oneOf('verbose', 'off'),
      cpus: oneOf('2', '4', '8'),
      memory: isSize,
      /** the guest's memory lies in huge pages of the kernel's pool (vm.nr_hugepages), instead of pages of any size */
      pages: oneOf('huge'),
      /** what the image is given as, instead of EROFS */
      disk: oneOf('squashfs', 'ext4', 'initramfs'),
      /** free pages are kept, instead of given back to the host */
      reporting: oneOf('off'),
    },
  },
  {
    ...vm,
    id: 'vm:direct',
    boots: 'kernel',
    tuning: {
      /** our own, instead of the distribution's */
      kernel: oneOf('minimal'),
      /** a kernel that unpacks itself, instead of an uncompressed one that is entered at once (PVH) */
      entry: oneOf('bzimage'),
      /** instead of SeaBIOS */
      firmware: oneOf('qboot'),
      /** against attacks through the processor, as the host's kernel has them: guests are booted without */
      mitigations: oneOf('on'),
      /** a balloon, by which free pages are given back to the host */
      reporting: oneOf('on'),
      /** most of its memory is plugged while it boots, and what is free of it is asked for again after the work */
      hotplug: oneOf('virtio-mem'),
      /** memory is zeroed when the kernel gives it out (init_on_alloc): guests are booted without */
      zeroing: oneOf('on'),
      console: oneOf('verbose', 'off'),
      cpus: oneOf('2', '4', '8'),
      memory: isSize,
      pages: oneOf('huge'),
    },
  },
  // the machine of vm:direct, once for all applications
  { ...vm, id: 'vm:shared', boots: 'kernel', sharesMachine: true },
  // a full system takes a minute and more where it is emulated
  {
    ...vm,
    id: 'vm:full',
    boots: 'system',
    readyTimeoutMs: 5 * minuteMs,
    tuning: {
      /** free pages are given back to the host, instead of kept */
      reporting: oneOf('on'),
    },
  },
  // one that somebody else set up starts as many services as it likes
  {
    ...vm,
    id: 'vm:image',
    boots: 'system',
    files: 'own-disk',
    readyTimeoutMs: 10 * minuteMs,
    needs: ['qemu', 'kit', 'accelerator'],
  },
] as const satisfies readonly TargetEntry[];

/** A target without runtime, tuning and repetition. */
export type BaseTarget = (typeof targets)[number]['id'];
export const baseTargets = targets.map(({ id }) => id) as [BaseTarget, ...BaseTarget[]];

/** One option changed on a target. */
export interface Tuning {
  name: string;
  value: string;
}

/** A target's id, taken apart. */
export interface DescribedTarget {
  entry: TargetEntry & { id: BaseTarget };
  /** where it stands among the targets, from the thinnest packaging to the thickest */
  place: number;
  /** of the container engine, instead of its default one */
  runtime?: string;
  tuning: Tuning[];
  /** the same a second time */
  isRepeat: boolean;
}

const escaped = (id: string) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const pattern = targets.map(
  ({ id, takesRuntime, tuning, repeats }) =>
    escaped(id) +
    (takesRuntime ? '(:[\\w.-]+)?' : '') +
    (Object.keys(tuning).length > 0 ? '(\\+[a-z]+=[\\w-]+)*' : '') +
    (repeats ? '(#2)?' : ''),
);

/**
 * A way to run an image: one of the table's ids, `container:RUNTIME`, or a VM with tuning options (`vm:micro+disk=ext4`,
 * `vm:direct+cpus=2+memory=128M`), so that a changed machine is a target like any other: planned, interleaved, recorded and compared.
 */
export const TargetId = z
  .string()
  .regex(new RegExp(`^(${pattern.join('|')})$`), { error: 'not-a-target' satisfies Problem, abort: true })
  .refine((id): boolean => hasKnownTuning(id), 'not-a-target' satisfies Problem);
export type TargetId = z.infer<typeof TargetId>;

/** The target without the mark of its second time. */
export const withoutRepeat = (target: string): string => target.replace(/#2$/, '');

/** What is known of a target; undefined where the table has none like it, as in a record of a newer Tare. */
export function describeTarget(target: string): DescribedTarget | undefined {
  const [name = '', ...words] = withoutRepeat(target).split('+');
  const place = targets.findIndex(
    ({ id, takesRuntime }) => name === id || (takesRuntime && name.startsWith(`${id}:`)),
  );
  const entry = targets[place];
  if (!entry) return undefined;
  return {
    entry,
    place,
    ...(name !== entry.id && { runtime: name.slice(entry.id.length + 1) }),
    tuning: words.map((word) => ({
      name: word.split('=')[0]!,
      value: word.slice(word.indexOf('=') + 1),
    })),
    isRepeat: target !== withoutRepeat(target),
  };
}

/** undefined for a target that the table does not have */
export const kindOf = (target: TargetId): TargetKind | undefined => describeTarget(target)?.entry.kind;
export const bootsOf = (target: TargetId): Boots | undefined => describeTarget(target)?.entry.boots;
export const isRepeat = (target: TargetId): boolean => describeTarget(target)?.isRepeat ?? false;
export const tuningOf = (target: TargetId): Tuning[] => describeTarget(target)?.tuning ?? [];
export const hasLimits = (target: TargetId): boolean => describeTarget(target)?.entry.hasLimits ?? true;

export const sharesNetwork = (target: TargetId): boolean =>
  describeTarget(target)?.entry.sharesNetwork ?? false;

/** Whether it runs a disk that somebody has, and no image. */
export const runsOwnDisk = (target: TargetId): boolean => describeTarget(target)?.entry.files === 'own-disk';

/** A way to run an image: any but those that run a disk that somebody has. */
export const ImageTargetId = TargetId.refine((id) => !runsOwnDisk(id), 'target-needs-disk' satisfies Problem);

export const sharesMachine = (target: TargetId): boolean =>
  describeTarget(target)?.entry.sharesMachine ?? false;

export const needsOf = (target: TargetId): readonly TargetNeed[] => describeTarget(target)?.entry.needs ?? [];

/** The longest patience that one of these needs. */
export const readyTimeoutMs = (ids: readonly TargetId[]): number =>
  Math.max(minuteMs, ...ids.map((id) => describeTarget(id)?.entry.readyTimeoutMs ?? minuteMs));

/** Sorts from the thinnest packaging to the thickest; of one place the default runtime first, then as they stand. */
export function byPlace(a: TargetId, b: TargetId): number {
  const place = (target: TargetId) => describeTarget(target)?.place ?? targets.length;
  const hasRuntime = (target: TargetId) => Number(describeTarget(target)?.runtime !== undefined);
  return place(a) - place(b) || hasRuntime(a) - hasRuntime(b);
}

/** Whether every option in the target's name is one of its own, named once and with a value that it takes. */
function hasKnownTuning(target: string): boolean {
  const described = describeTarget(target);
  if (!described) return true; // the pattern has refused it
  const { entry, tuning } = described;
  const names = new Set(tuning.map(({ name }) => name));
  return (
    names.size === tuning.length &&
    tuning.every(({ name, value }) => Object.hasOwn(entry.tuning, name) && entry.tuning[name]!(value))
  );
}

/** The limits that a workload has on this target: tuning may change them. */
export function limitsOn<T extends { memoryBytes: number; cpus: number }>(target: TargetId, limits: T): T {
  const changed = { ...limits };
  for (const { name, value } of tuningOf(target)) {
    if (name === 'cpus') changed.cpus = Number(value);
    if (name === 'memory') changed.memoryBytes = parseBytes(value)!;
  }
  return changed;
}

/** Of the table, those with these features, thinnest first. */
export const targetsThat = (has: (entry: TargetEntry) => boolean): BaseTarget[] =>
  targets.filter(has).map(({ id }) => id);

/** What every other target is compared with: containers as the engine starts them by default. */
export const baselineTarget: BaseTarget = 'container';
/** The VM that stands for VMs where only one is asked for: an ordinary machine with a kernel of its own, and no more. */
export const usualVm: BaseTarget = 'vm:direct';
/** Of those beside the first, which a sentence speaks of: the usual VM, else a VM as it is, else a changed one, else the next one. */
export function spokenOf<T extends { target: TargetId }>(others: readonly T[]): T | undefined {
  const vms = others.filter(({ target }) => kindOf(target) === 'vm' && !isRepeat(target));
  return (
    vms.find(({ target }) => target === usualVm) ??
    vms.find(({ target }) => tuningOf(target).length === 0) ??
    vms[0] ??
    others[0]
  );
}
/** What runs where nobody chose. */
export const usualTargets: readonly BaseTarget[] = [baselineTarget, usualVm];
/** The lightest machine that boots by itself. */
export const lightestVm: BaseTarget = 'vm:micro';
/** A machine that does not boot, but is resumed from a saved state. */
export const resumedVm: BaseTarget = 'vm:snapshot';
/** All that run an image. */
export const imageTargets: readonly BaseTarget[] = targetsThat(({ files }) => files !== 'own-disk');
/** All that run a disk that somebody has. */
export const diskTargets: readonly BaseTarget[] = targetsThat(({ files }) => files === 'own-disk');
/** A machine as a server room has them: the only ones that boot a whole system, and the image with it. */
export const systemTargets: readonly BaseTarget[] = targetsThat(
  ({ boots, files }) => boots === 'system' && files !== 'own-disk',
);
/** The machines that an image can be followed into, the usual one first. */
export const imageMachines: readonly BaseTarget[] = [
  usualVm,
  ...targetsThat(
    ({ id, kind, files, sharesMachine }) =>
      id !== usualVm && kind === 'vm' && files === 'disk' && !sharesMachine,
  ),
];

/** The target a second time, to be compared with itself. */
export const repeatOf = (target: BaseTarget): TargetId => `${target}#2`;
/** The target with one option changed, each in turn: `name=value`. */
export const tuned = (target: BaseTarget, ...options: string[]): TargetId[] =>
  options.map((option) => `${target}+${option}`);
