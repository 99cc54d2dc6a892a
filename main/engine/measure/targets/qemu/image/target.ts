/**
 * The target `vm:image`: a disk that somebody has, booted with its own firmware, boot loader, kernel and services. Nothing of Tare's is in it,
 * so it is seen from outside alone; what it writes goes to a layer above the disk, which is lost with the machine.
 */
import { existsSync } from 'node:fs';
import type { DiskFacts } from '../../../../../contract/run/run';
import { limitsOn, type TargetId } from '../../../../../contract/targets';
import { lookAtDisk, mustBeUnchanged } from '../../../../images/disk/ownDisk';
import { TareError } from '../../../../base/errors';
import { missingTool } from '../../../../base/process/child';
import type { Ready } from '../../../../images/image/facts';
import type { Target } from '../../target';
import type { MachineParts, VmOptions } from '../design';
import { mustBePc, openEmulator } from '../emulator';
import { powerOn } from '../machine/machine';
import { ownPc, type MachineProfile } from '../profiles';
import { filesOf, instanceOf, recordedLine, startMachine } from '../start';
import { seedVolume } from './seed';

/** Services are stopped one by one, which takes long where all of it is emulated. Nobody in it answers questions. */
const timeouts = { answerMs: 0, politeMs: 60_000 };

/** Where distributions put OVMF, in one file that QEMU takes in the place of its BIOS. */
const uefiFirmwares = [
  '/usr/share/ovmf/OVMF.fd',
  '/usr/share/qemu/OVMF.fd',
  '/usr/share/edk2/x64/OVMF.4m.fd',
];

/** @throws {TareError} `tool-missing` */
function profileFor(firmware: DiskFacts['firmware']): MachineProfile {
  if (firmware === 'bios') return ownPc;
  const found = uefiFirmwares.find((file) => existsSync(file));
  if (found === undefined) throw missingTool('OVMF');
  return { ...ownPc, firmware: found };
}

export function createDiskTarget(id: TargetId, options: Omit<VmOptions, 'exportImage'>): Target {
  const equip = (signal: AbortSignal) => {
    mustBePc(id);
    return openEmulator(options, signal);
  };
  return {
    id,
    check: async (signal) => void (await equip(signal)),
    async prepare({ workload, image }, scope) {
      const { qemu, choice } = await equip(scope.signal);
      const disk = await lookAtDisk(fileOf(workload, id));
      const { file, format, firmware, bytes, logicalBytes } = disk.facts;
      const guestPort = workload.port ?? image?.port;
      if (guestPort === undefined) throw new TareError({ code: 'image-without-port', reference: file });
      const vm: MachineParts = {
        ready: { workload },
        guestPort,
        design: { profile: profileFor(firmware), timeouts },
        qemu,
        choice,
        files: {
          drives: [
            { id: 'disk', file, own: format, writes: 'aside' },
            { id: 'seed', file: await seedVolume(options.cacheFolder), writes: 'refused' },
          ],
          space: { bytes, logicalBytes },
        },
      };
      const limits = limitsOn(id, workload.limits);
      return {
        commandLine: recordedLine(vm, limits, [await scope.freePort()]),
        accelerator: choice.accelerator,
        disk: disk.facts,
        reads: () => Promise.resolve([...filesOf(vm.files).keys()]),
        async start(asked, mark, scope) {
          await mustBeUnchanged(disk);
          const given = limitsOn(id, asked);
          const started = startMachine(vm, { limits: given, mark, scope }, powerOn);
          return instanceOf(await started.catch(tellWriter(file)), vm, given);
        },
      };
    },
  };
}

/** QEMU locks what it opens, and says so where another one holds it to write to it. */
const tellWriter =
  (path: string) =>
  (error: unknown): never => {
    const failure = error instanceof TareError ? error.failure : undefined;
    if (failure?.code === 'program-failed' && /Failed to get .*"write" lock/.test(failure.output))
      throw new TareError({ code: 'disk-unusable', path, reason: 'disk-in-use' });
    throw error;
  };

/** @throws {TareError} `target-unsupported` where the workload has no disk */
function fileOf({ disk }: Ready['workload'], target: TargetId): string {
  if (!disk) throw new TareError({ code: 'target-unsupported', target, reason: 'no-disk' });
  return disk.file;
}
