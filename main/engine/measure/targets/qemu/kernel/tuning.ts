/** What each tuning option of a VM changes (see contract/targets.ts): nothing but the one thing that it is about. */
import type { Tuning } from '../../../../../contract/targets';
import { balloon, freePageReporting } from '../machine/balloon';
import type { MachineProfile } from '../profiles';
import type { KernelDesign } from './design';
import type { ImageForm } from './initrd';
import { minimalKernel } from './kernels';

type Change = (design: KernelDesign, value: string) => KernelDesign;

const withProfile = (design: KernelDesign, change: Partial<MachineProfile>): KernelDesign => ({
  ...design,
  profile: { ...design.profile, ...change },
});

/** @param word  its beginning */
const withoutWord = (design: KernelDesign, word: string): KernelDesign =>
  withProfile(design, { kernelWords: design.profile.kernelWords.filter((one) => !one.startsWith(word)) });

/** QEMU's own files. */
const firmwares: Record<string, string> = { qboot: 'qboot.rom' };

/** The balloon stays, as its driver tells what the guest uses; only the reporting of free pages ends. */
const silent = (design: KernelDesign): KernelDesign =>
  withProfile(design, { devices: balloon(design.profile.bus) });

/** A balloon, with the driver for it. */
const reporting = (design: KernelDesign): KernelDesign => ({
  ...withProfile(design, { devices: balloon(design.profile.bus, freePageReporting) }),
  drivers: { ...design.drivers, balloon: true },
});

/** The device's words are those of its memory: see arguments.ts. */
const hotplug = (design: KernelDesign): KernelDesign => ({
  ...withProfile(design, { hotplug: true }),
  drivers: { ...design.drivers, virtioMem: true },
});

/** Processors and memory are limits of the workload: `limitsOn` changes them. */
const changes: Record<string, Change> = {
  kernel: (design) => ({ ...design, kernel: minimalKernel }),
  entry: (design) => ({
    ...design,
    kernel: async (kit, ...more) => ({
      ...(await design.kernel(kit, ...more)),
      file: kit.compressedKernel,
    }),
  }),
  firmware: (design, value) => withProfile(design, { firmware: firmwares[value]! }),
  console: (design, value) => withoutWord(design, value === 'off' ? 'console=' : 'quiet'),
  mitigations: (design) => withoutWord(design, 'mitigations=off'),
  zeroing: (design) => withoutWord(design, 'init_on_alloc=0'),
  disk: (design, value) => ({ ...design, imageForm: value as ImageForm }),
  pages: (design) => withProfile(design, { hugePages: true }),
  hotplug,
  reporting: (design, value) => (value === 'off' ? silent(design) : reporting(design)),
};

export const tuned = (design: KernelDesign, tuning: readonly Tuning[]): KernelDesign =>
  tuning.reduce((changed, { name, value }) => changes[name]?.(changed, value) ?? changed, design);
