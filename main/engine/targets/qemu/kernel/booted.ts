/** VMs that boot at each start: `vm:direct` with the distribution's cloud kernel, `vm:micro` with the smallest machine and kernel. */
import { tuningOf, type TargetId } from '../../../../contract/targets';
import {
  createVmTarget,
  instanceOf,
  makeModel,
  recordedLine,
  startMachine,
  type VmDesign,
  type VmOptions,
  type VmTarget,
} from '../design';
import { tuned } from './tuning';
import { bootMachine } from '../machine/machine';
import { microvm, q35 } from '../profiles';
import { distributionSystem, microSystem } from './systems';

const direct: VmDesign = { id: 'vm:direct', profile: q35, system: distributionSystem };
export const micro: VmDesign = { id: 'vm:micro', profile: microvm, system: microSystem };

function createBootedTarget(base: VmDesign, id: TargetId, options: VmOptions): VmTarget {
  const tuning = tuningOf(id);
  const design = tuning.length > 0 ? tuned(base, id, tuning) : base;
  const given = design.limits ?? ((limits) => limits);
  return createVmTarget(design, options, async (ready, scope) => {
    const model = await makeModel(design, options, ready, scope);
    return {
      commandLine: recordedLine(model, given(ready.workload.limits), await scope.freePort()),
      accelerator: model.tools.choice.accelerator,
      async start(asked, mark, scope) {
        const { ledger, signal } = scope;
        const limits = given(asked);
        const reached = await startMachine(model, limits, scope, [], (words, name) =>
          bootMachine({ words, name, ledger, mark, signal }),
        );
        return instanceOf(reached, model, limits);
      },
    };
  });
}

/** @param id  with its tuning, if any */
export const createDirectTarget = (options: VmOptions, id: TargetId = 'vm:direct'): VmTarget =>
  createBootedTarget(direct, id, options);
export const createMicroTarget = (options: VmOptions, id: TargetId = 'vm:micro'): VmTarget =>
  createBootedTarget(micro, id, options);
