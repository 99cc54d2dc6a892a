/** QEMU as it is on this computer: the program, what it accelerates with, and the guest kit that it boots. */
import type { Environment } from '../../../../contract/run/run';
import type { TargetId } from '../../../../contract/targets';
import { TareError } from '../../../base/errors';
import { openKit, type Kit } from '../../../images/guest/kit';
import { needQemu } from '../../../base/process/programs';
import { chooseAccelerator, type Choice } from './accelerator';
import type { VmOptions } from './design';

export interface Emulator {
  /** path of the program */
  qemu: string;
  kit: Kit;
  choice: Choice;
}

export type EmulatorOptions = Pick<VmOptions, 'cacheFolder' | 'shippedFolder' | 'qemuPath' | 'accelerator'>;

/**
 * @param again  asks the machine for its accelerator, whatever is remembered
 * @throws {TareError} `qemu-path-wrong` · `tool-missing` · `kit-missing` · `kit-damaged` · `accelerator-unusable`
 */
export async function openEmulator(
  { cacheFolder, shippedFolder, qemuPath, accelerator: forced }: EmulatorOptions,
  signal: AbortSignal,
  again = false,
): Promise<Emulator> {
  const qemu = await needQemu(qemuPath);
  const kit = await openKit({ cacheFolder, shippedFolder });
  const { probeRom } = kit;
  const choice = await chooseAccelerator({ qemu, probeRom, cacheFolder, forced, signal, again });
  return { qemu, kit, choice };
}

/**
 * Of a target whose firmware and boot loader are a PC's.
 * @throws {TareError} `target-unsupported`
 */
export function mustBePc(target: TargetId): void {
  if (process.arch !== 'x64')
    throw new TareError({ code: 'target-unsupported', target, reason: 'architecture' });
}

/** What a record says about the machinery of VMs. */
export function emulatorFacts({ kit, choice }: Emulator): NonNullable<Environment['qemu']> {
  const { accelerator, reason, qemuVersion: version } = choice;
  return { version, accelerator, reason, kernel: kit.kernelRelease, kit: kit.version };
}
