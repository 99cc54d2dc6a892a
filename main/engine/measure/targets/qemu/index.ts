/** The VMs: each is a design, and all the rest they share. */
import { tuningOf, type BaseTarget, type TargetId } from '../../../../contract/targets';
import { openKernel } from '../../../images/guest/kernel';
import type { MakingOrder } from '../../../images/guest/recipe';
import { ensureSystem } from '../../../images/guest/system';
import type { Launcher } from '../launcher';
import type { VmDesign } from './design';
import { checkFullSystem, full, reportingFull } from './full/full';
import { createDiskTarget } from './image/target';
import { direct, kernelVm, micro } from './kernel/design';
import { tuned } from './kernel/tuning';
import { createSharedTarget } from './shared/target';
import { snapshotVm } from './snapshot/snapshot';
import { mustBePc } from './emulator';
import { createVmTarget } from './target';

/**
 * @param more.check  whether what it boots is there, or can be made
 * @param more.make   makes what it boots, unless it is there
 */
const vm = (
  designOf: (id: TargetId) => VmDesign,
  { check, make }: Pick<Launcher, 'check'> & { make?: (order: MakingOrder) => Promise<unknown> } = {},
): Launcher => ({
  ...(check && { check }),
  async open(tools, scope, id) {
    await tools.ensureKit(scope);
    await make?.({ ...scope, cacheFolder: tools.cacheFolder });
    return createVmTarget(id, designOf(id), tools);
  },
});

/** Of an option with one value. */
const isTuned = (id: TargetId, option: string): boolean => tuningOf(id).some(({ name }) => name === option);

export const launchers = {
  'vm:snapshot': vm((id) => snapshotVm(isTuned(id, 'state') ? 'copied' : 'mapped'), { check: openKernel }),
  'vm:micro': vm((id) => kernelVm(tuned(micro, tuningOf(id))), { check: openKernel }),
  'vm:shared': {
    async open(tools, scope) {
      await tools.ensureKit(scope);
      return createSharedTarget(tools);
    },
  },
  'vm:direct': vm((id) => kernelVm(tuned(direct, tuningOf(id)))),
  'vm:full': vm((id) => (isTuned(id, 'reporting') ? reportingFull : full), {
    check: checkFullSystem,
    make: ensureSystem,
  }),
  'vm:image': {
    check: () => Promise.resolve(mustBePc('vm:image')),
    async open(tools, scope, id) {
      await tools.ensureKit(scope); // it holds what an accelerator is tried with
      return createDiskTarget(id, tools);
    },
  },
} satisfies Partial<Record<BaseTarget, Launcher>>;
