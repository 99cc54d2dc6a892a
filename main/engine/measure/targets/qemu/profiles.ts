/** The machines that QEMU is asked to be, as data. Why each word is there was measured on QEMU 10.0 with Linux 6.12. */
import path from 'node:path';
import type { Accelerator } from '../../../../contract/run/run';
import { balloon, freePageReporting } from './machine/balloon';

export interface MachineProfile {
  machine: string;
  /** a firmware of QEMU's by its file name; absent: the machine's own */
  firmware?: string;
  /** how the names of its virtio devices end, and what a network card needs beside */
  bus: 'pci' | 'device';
  /** the guest's second serial line: a second `-serial`, or a device where the machine has only one; absent where nobody in it knows Tare */
  agentLine?: 'serial' | 'device';
  /** QEMU's cache of translated code, in MiB; absent: QEMU's default of 1 GiB */
  translationMebibytes?: number;
  /** the guest's memory lies in huge pages of the kernel's pool */
  hugePages?: true;
  /** it boots with a part of its memory, and is plugged the rest */
  hotplug?: true;
  /** devices beside disk and network */
  devices: string[];
  kernelWords: string[];
  /** what an emulated guest's kernel is told beside */
  emulatedKernelWords: string[];
  /** the model of an emulated processor; default: all that QEMU can do */
  emulatedProcessor?: string;
}

const always = [
  'console=ttyS0',
  'quiet',
  'reboot=t', // with -no-reboot, a restart ends QEMU; no ACPI needed
  'panic=-1', // so does a panic
  '8250.nr_uarts=2',
];

/** Timer checks and calibration cost an emulated guest 0.3 s. */
const emulated = ['no_timer_check', 'nolapic_timer'];

/**
 * A PC for the distribution's kernel. Without the parts that this guest never looks at, it boots 0.2 s sooner; a balloon, whose driver
 * is a module there, would cost it 2 % of the boot and 2.6 MiB.
 */
export const q35: MachineProfile = {
  machine: 'q35,smm=off,vmport=off,sata=off,usb=off,smbus=off',
  bus: 'pci',
  agentLine: 'serial',
  devices: [],
  kernelWords: [
    ...always,
    'mitigations=off',
    'nokaslr',
    'audit=0',
    'apparmor=0',
    'i8042.noaux',
    'i8042.nokbd',
    'i8042.nopnp',
    'cryptomgr.notests',
    'random.trust_cpu=on',
    'init_on_alloc=0', // zeroing at allocation would touch memory that the application never used
  ],
  emulatedKernelWords: emulated,
};

/**
 * QEMU's board for arm64, for the distribution's kernel. The newest processor signs its pointers, which takes an emulated guest most of
 * its time.
 */
export const virt: MachineProfile = {
  machine: 'virt',
  bus: 'pci',
  agentLine: 'serial',
  devices: [],
  kernelWords: [
    ...['console=ttyAMA0', 'quiet', 'panic=-1'],
    ...['mitigations=off', 'nokaslr', 'audit=0', 'apparmor=0', 'cryptomgr.notests', 'random.trust_cpu=on'],
    'init_on_alloc=0',
  ],
  emulatedKernelWords: [],
  emulatedProcessor: 'cortex-a72',
};

/** What boots the distribution's kernel on this computer. */
export const usualBoard: MachineProfile = process.arch === 'arm64' ? virt : q35;

/**
 * The smallest machine QEMU has, for our own kernel. With ACPI the guest sometimes hangs at boot under TCG, and the other legacy
 * parts cost nothing: without the RTC the kernel waits a second for one.
 */
export const microvm: MachineProfile = {
  machine: 'microvm,acpi=off',
  bus: 'device',
  agentLine: 'device',
  // Code of programs as large as Python fits; 1 GiB would let memory grow with what was executed once.
  translationMebibytes: 64,
  // Gives free pages back: without it, what an application once used stays with QEMU for good.
  devices: balloon('device', freePageReporting),
  kernelWords: always,
  // Unlocking the kernel's code for one processor is a tenth of an emulated boot, and gains an emulated guest nothing.
  emulatedKernelWords: [...emulated, 'noreplace-smp'],
};

/**
 * The same for a machine that is saved and resumed with its memory in a file. Giving pages back would punch holes into that file,
 * which every later start reads: so it has no balloon.
 */
export const resumableMicrovm: MachineProfile = { ...microvm, devices: [] };

/** A PC as it comes, whose firmware starts the boot loader on its disk; that loader knows the kernel and what to tell it. */
export const pc: MachineProfile = {
  machine: 'q35',
  bus: 'pci',
  agentLine: 'serial',
  devices: balloon('pci'),
  kernelWords: [],
  emulatedKernelWords: [],
};

/** The same for a disk that somebody has: what its firmware and boot loader print, which would else be on a screen, is on the serial line. */
export const ownPc: MachineProfile = {
  machine: 'q35,graphics=off',
  bus: 'pci',
  devices: balloon('pci'),
  kernelWords: [],
  emulatedKernelWords: [],
};

/** The processor model per accelerator. `max` under TCG: images for x86-64-v2 abort on qemu64. */
const processors: Record<Accelerator, string> = { kvm: 'host', hvf: 'host', whpx: 'max', tcg: 'max' };

export const processorModel = ({ emulatedProcessor }: MachineProfile, accelerator: Accelerator): string =>
  (accelerator === 'tcg' ? emulatedProcessor : undefined) ?? processors[accelerator];

/** What boots the ROM of the guest kit that finds out whether an accelerator works (`probe.rom`), and how QEMU ends then. */
interface TestMachine {
  profile: MachineProfile;
  /** devices that the ROM ends the machine by */
  devices: string[];
  passed: number;
}

const testMachines: Record<'x64' | 'arm64', TestMachine> = {
  // the ROM's status 0x2a as isa-debug-exit reports it
  x64: { profile: microvm, devices: ['-device', 'isa-debug-exit,iobase=0xf4,iosize=1'], passed: 85 },
  // it asks the firmware's interface to turn the machine off
  arm64: { profile: virt, devices: [], passed: 0 },
};

/** @param qemu  the emulator's program; a name that does not say what it emulates is taken for this computer's own */
export function testMachineOf(qemu: string): TestMachine {
  const name = path.basename(qemu);
  if (name.includes('aarch64')) return testMachines.arm64;
  return name.includes('x86_64') || process.arch !== 'arm64' ? testMachines.x64 : testMachines.arm64;
}

export const acceleratorWord = (profile: MachineProfile, accelerator: Accelerator): string =>
  accelerator === 'tcg' && profile.translationMebibytes
    ? `tcg,tb-size=${profile.translationMebibytes}`
    : accelerator;

export const kernelLine = (profile: MachineProfile, accelerator: Accelerator): string =>
  [...profile.kernelWords, ...(accelerator === 'tcg' ? profile.emulatedKernelWords : [])].join(' ');
