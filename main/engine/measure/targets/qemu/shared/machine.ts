/** A machine with several applications, each in namespaces and a control group of its own. */
import type { Limits } from '../../../../../contract/plan';
import { imageOnDisk, type ReadyWorkload } from '../../../../images/image/facts';
import { ProcessCounters } from '../../../../base/process/counters';
import { wholeCpuMs } from '../../../../base/process/cpu';
import type { RunScope } from '../../../../base/scope';
import type { Instance, Mark, SharedMachine } from '../../target';
import { machineBytes } from '../arguments';
import type { PreparedVm } from '../design';
import { bootSharedMachine } from '../machine/machine';
import { vmMemory, wholeRam } from '../machine/memory';
import { startMachine } from '../start';
import { Application, applicationMemory } from './application';
import type { SharedFiles } from './files';

/** A machine made ready for several workloads. */
export interface PreparedShared {
  vm: PreparedVm;
  all: readonly ReadyWorkload[];
  disks: SharedFiles['disks'];
}

/** What the machine has: all that its applications may take. */
export const limitsOfAll = (all: readonly ReadyWorkload[]): Limits => ({
  memoryBytes: all.reduce((sum, { workload }) => sum + workload.limits.memoryBytes, 0),
  cpus: all.reduce((sum, { workload }) => sum + workload.limits.cpus, 0),
});

/** Boots it; none of its applications is started yet. Throws as `startMachine` does. */
export async function openSharedMachine(
  { vm, all, disks }: PreparedShared,
  mark: Mark,
  scope: RunScope,
): Promise<SharedMachine> {
  const limits = limitsOfAll(all);
  const memoryBytes = machineBytes(limits.memoryBytes);
  const { machine, ports } = await startMachine(vm, { limits, mark, scope }, bootSharedMachine);
  const applications = all.map((_, place) => new Application(place, machine));
  machine.listen?.({
    said: ({ place, mark }, atMs) => applications[place]?.hear(mark, atMs),
    printed: linesOf((place, text) => applications[place]?.print(text)),
  });
  const counters = new ProcessCounters(machine.pid);
  void machine.gone.then(() => counters.close());

  const instanceOf = (place: number): Instance => {
    const application = applications[place]!;
    const { workload, image } = all[place]!;
    const { bytes, logicalBytes } = disks[place]!;
    return {
      host: '127.0.0.1',
      port: ports[place]!,
      ended: application.ended,
      read: () => Promise.resolve({}), // what is cheap to read is the machine's
      cpuMs: () => Promise.resolve(undefined),
      measure: async () =>
        applicationMemory(await application.charges().catch(() => undefined), workload.limits.memoryBytes),
      disk: () =>
        Promise.resolve({
          ...imageOnDisk(image),
          vmDiskBytes: bytes,
          vmDiskLogicalBytes: logicalBytes,
          ...(vm.files.kernelBytes !== undefined && { kernelBytes: vm.files.kernelBytes }),
        }),
      output: () => Promise.resolve(application.output()),
      stop: () => application.stop(),
      [Symbol.asyncDispose]: () => Promise.resolve(), // nothing of it is outside of its machine
    };
  };

  return {
    read: () => Promise.resolve(counters.read() ?? {}),
    cpuMs: () => Promise.resolve(wholeCpuMs(machine.pid)),
    measure: () => vmMemory(machine.pid, memoryBytes, wholeRam(memoryBytes), machine.memory),
    async start(name, mark, { signal }) {
      const place = all.findIndex(({ workload }) => workload.name === name);
      await applications[place]!.start(mark, signal);
      return instanceOf(place);
    },
    stop: () => machine.stop(),
    [Symbol.asyncDispose]: () => machine.kill(),
  };
}

const longestLine = 8192;

/** Takes what all applications print apart: `N TEXT` is a line of one of them, all else the kernel's. */
export function linesOf(print: (place: number, text: string) => void): (chunk: Buffer) => void {
  let pending = '';
  return (chunk) => {
    const lines = (pending + chunk.toString('latin1')).split('\n');
    pending = lines.pop()!.slice(-longestLine);
    for (const line of lines) {
      const [, place, text] = /^(\d{1,2}) (.*?)\r?$/s.exec(line) ?? [];
      if (place !== undefined) print(Number(place), Buffer.from(text!, 'latin1').toString());
    }
  };
}
