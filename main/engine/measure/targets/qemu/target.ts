/** A VM as a target: checked, prepared, and started as its design says. */
import { limitsOn, type TargetId } from '../../../../contract/targets';
import { commandOf, withImage, type ReadyWorkload } from '../../../images/image/facts';
import { needProgram } from '../../../base/process/programs';
import type { RunScope } from '../../../base/scope';
import type { Target } from '../target';
import { machineBytes, memoryOf } from './arguments';
import type { PreparedVm, VmDesign, VmOptions } from './design';
import { openEmulator } from './emulator';
import { needPlugged } from './hotplug';
import { needHugePages } from './hugePages';
import { boots } from './start';

/** @param id  its tuning decides what becomes of the workload's limits */
export function createVmTarget(id: TargetId, design: VmDesign, options: VmOptions): Target {
  return {
    id,
    check: async (signal) => void (await equip(design, options, signal)),
    async prepare(ready, scope) {
      const vm = await prepareVm(design, options, onTarget(id, withImage(id, ready)), scope);
      const { release: forget } = vm.files;
      const startUp = (design.startUp ?? boots)(vm, options, scope);
      const { commandLine, start, release, reads } = await startUp.catch(async (error: unknown) => {
        await forget?.();
        throw error;
      });
      return {
        commandLine,
        accelerator: vm.choice.accelerator,
        reads,
        start: (limits, mark, scope) => start(limitsOn(id, limits), mark, scope),
        async release() {
          await release?.();
          await forget?.();
        },
      };
    },
  };
}

const onTarget = (id: TargetId, { workload, image }: ReadyWorkload): ReadyWorkload => ({
  workload: { ...workload, limits: limitsOn(id, workload.limits) },
  image,
});

/** @throws {TareError} what of it is not there */
async function equip(design: VmDesign, options: VmOptions, signal: AbortSignal) {
  const { qemu, kit, choice } = await openEmulator(options, signal);
  for (const program of design.programs) await needProgram(program);
  return { qemu, choice, system: await design.openSystem(kit, options) };
}

/** @throws {TareError} `image-without-command` · `huge-pages-short` · `nothing-to-plug`; as `check`; as its files are made */
async function prepareVm(
  design: VmDesign,
  options: VmOptions,
  ready: ReadyWorkload,
  scope: RunScope,
): Promise<PreparedVm> {
  commandOf(ready.image);
  const { profile } = design;
  const { memoryBytes } = ready.workload.limits;
  if (profile.hugePages) needHugePages(machineBytes(memoryBytes));
  if (profile.hotplug) needPlugged(memoryOf(profile, memoryBytes));
  const equipment = await equip(design, options, scope.signal);
  const files = await equipment.system.filesFor(ready, scope);
  return { ready, guestPort: ready.image.port, design, ...equipment, files };
}
