/** What each tuning option of a VM changes (see contract/targets.ts): nothing but the one thing that it is about. */
import { limitsOn, type Tuning, type TargetId } from '../../../../contract/targets';
import type { Limits } from '../../../../contract/plan';
import { diskMakers } from '../../../disk/disk';
import { balloon } from '../machine/balloon';
import type { ImageForm } from './initrd';
import { microSystem } from './systems';
import type { VmDesign } from '../design';
import type { MachineProfile } from '../profiles';

type Change = (design: VmDesign, value: string) => VmDesign;

const withProfile = (design: VmDesign, change: Partial<MachineProfile>): VmDesign => ({
  ...design,
  profile: { ...design.profile, ...change },
});

const withoutWord = (design: VmDesign, word: string): VmDesign =>
  withProfile(design, { kernelWords: design.profile.kernelWords.filter((one) => one !== word) });

/** QEMU's own files. */
const firmwares: Record<string, string> = { qboot: 'qboot.rom' };

/** What an inflated balloon would still be there for; only the reporting of free pages ends. */
const silentBalloon = balloon('device');

const changes: Record<string, Change> = {
  kernel: (design) => ({ ...design, system: microSystem }),
  entry: (design) => ({
    ...design,
    system: async (kit, cacheFolder) => ({
      ...(await design.system(kit, cacheFolder)),
      kernel: kit.compressedKernel,
    }),
  }),
  firmware: (design, value) => withProfile(design, { firmware: firmwares[value]! }),
  console: (design, value) => withoutWord(design, value === 'off' ? 'console=ttyS0' : 'quiet'),
  disk: (design, value) => ({
    ...design,
    imageForm: value as ImageForm,
    ...(value !== 'initramfs' && { needs: [diskMakers[value as keyof typeof diskMakers]] }),
  }),
  reporting: (design) => withProfile(design, { devices: silentBalloon }),
};

/** The design tuned in this way, as the target `id`. */
export const tuned = (design: VmDesign, id: TargetId, tuning: readonly Tuning[]): VmDesign => ({
  ...tuning.reduce((changed, { name, value }) => changes[name]?.(changed, value) ?? changed, design),
  id,
  limits: (limits: Limits) => limitsOn(id, limits),
});
