/** What each lever of a VM changes (see contract/levers.ts): nothing but the one thing that it is about. */
import { limitsOn, type Lever } from '../../../contract/levers';
import type { Limits, TargetId } from '../../../contract/plan';
import { diskMakers } from '../../disk/disk';
import { balloon } from './balloon';
import type { ImageForm } from './configuration';
import { microSystem } from './systems';
import type { VmDesign } from './design';
import type { MachineProfile } from './profiles';

type Pull = (design: VmDesign, value: string) => VmDesign;

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

const pulls: Record<string, Pull> = {
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

/** The design with these levers pulled, as the target `id`. */
export const pulled = (design: VmDesign, id: TargetId, levers: readonly Lever[]): VmDesign => ({
  ...levers.reduce((changed, { name, value }) => pulls[name]?.(changed, value) ?? changed, design),
  id,
  limits: (limits: Limits) => limitsOn(id, limits),
});
