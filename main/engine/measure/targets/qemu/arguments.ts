/** Pure: what QEMU is told. */
import type { Accelerator, DiskFacts } from '../../../../contract/run/run';
import { hotplugKernelWords, hotplugWords, layoutOf, type MemoryLayout } from './hotplug';
import { hugePageBackend } from './hugePages';
import { acceleratorWord, kernelLine, processorModel, type MachineProfile } from './profiles';

/** A disk of the guest's. */
interface Drive {
  id: string;
  file: string;
  /** of somebody's own disk; absent: raw, and made by Tare */
  own?: DiskFacts['format'];
  /** `aside`: into a nameless file, which is lost with the machine */
  writes: 'refused' | 'aside';
}

/** What a machine boots and reads. */
export interface BootFiles {
  /** a kernel (vmlinux or bzImage) that QEMU itself boots; absent: the firmware boots the first drive */
  boot?: { kernel: string; initrd: string };
  /** the guest numbers them in this order */
  drives: readonly Drive[];
}

/** An application's network: it is reached at one port. */
interface GuestNetwork {
  /** where the application listens inside */
  guestPort: number;
  /** where the host reaches it, on the loopback interface */
  hostPort: number;
  /** whether it may open connections itself */
  outgoing: boolean;
}

export interface VirtualMachine extends BootFiles, GuestNetwork {
  profile: MachineProfile;
  memoryBytes: number;
  cpus: number;
  /** of further applications in it, each with a card of its own; the guest numbers them in this order */
  beside?: readonly GuestNetwork[];
  accelerator: Accelerator;
  confinement: { sandbox: boolean };
}

/** Where QEMU's control socket and the guest's two serial lines end. */
export type Wires =
  /** descriptors 3, 4 and 5 are sockets: control, application output, agent. No socket file, nothing to connect to */
  | { kind: 'inherited'; name: string }
  /** the application's output on the terminal and no control: what a person can paste into a shell */
  | { kind: 'terminal' }
  /** control from standard input, and the application's output nowhere: for a line that first has to tell QEMU something */
  | { kind: 'scripted' };

export const controlDescriptor = 3;
export const outputDescriptor = 4;
export const agentDescriptor = 5;
/** what it is lent follows */
export const firstLentDescriptor = 6;

const mebibyte = 1024 * 1024;

/** QEMU is given whole MiB, never less than asked for. */
export const machineBytes = (memoryBytes: number): number => Math.ceil(memoryBytes / mebibyte) * mebibyte;

/** What a machine of this kind has for memory. */
export const memoryOf = (profile: MachineProfile, memoryBytes: number): MemoryLayout =>
  layoutOf(profile, machineBytes(memoryBytes));

/** How much it boots with, and how much there may be at most. */
const sizeOf = ({ bootBytes, plugged }: MemoryLayout): string =>
  plugged
    ? `size=${bootBytes / mebibyte}M,maxmem=${(bootBytes + plugged.regionBytes) / mebibyte}M`
    : `${bootBytes / mebibyte}M`;

/** What its memory is made of, where that is not what QEMU takes by itself. */
const memoryWords = ({ hugePages }: MachineProfile, { bootBytes, plugged }: MemoryLayout): string[] => [
  ...(hugePages ? ['-object', hugePageBackend('ram', bootBytes), '-machine', 'memory-backend=ram'] : []),
  ...(plugged ? ['-object', backendWord(plugged.regionBytes, hugePages), ...hotplugWords(plugged)] : []),
];
const backendWord = (bytes: number, hugePages = false): string =>
  hugePages ? hugePageBackend('plugged', bytes) : `memory-backend-ram,id=plugged,size=${bytes}`;

/** The guest's second serial line, at the place where kernels look for one. */
const agentWords = ({ agentLine }: MachineProfile, name: string): string[] =>
  agentLine === 'serial'
    ? ['-serial', `chardev:${name}`]
    : ['-device', `isa-serial,chardev=${name},iobase=0x2f8,irq=3`];

/** What is not inherited has no other end: the agent has nobody to talk to. */
const nobody = (name: string): string[] => ['-chardev', `null,id=${name}`];

/** The guest is reached at one port, and reaches nothing itself unless it is to: QEMU's network leads to the host's loopback as well. */
const networkWords = (
  { outgoing, hostPort, guestPort }: GuestNetwork,
  { bus }: MachineProfile,
  id = 'net',
): string[] => [
  '-netdev',
  `user,id=${id},${outgoing ? '' : 'restrict=on,'}hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`,
  '-device',
  `${bus === 'pci' ? 'virtio-net-pci,romfile=' : 'virtio-net-device'},netdev=${id}`,
];

/** Control, the guest's two serial lines, and where they end. */
function wireWords(profile: MachineProfile, wires: Wires): string[] {
  const lines = (output: string[], agent: string[]) => [
    ...[...output, '-serial', 'chardev:output'],
    ...(profile.agentLine ? [...agent, ...agentWords(profile, 'agent')] : []),
  ];
  if (wires.kind === 'terminal') return lines(['-chardev', 'stdio,id=output'], nobody('agent'));
  if (wires.kind === 'scripted') return ['-qmp', 'stdio', ...lines(nobody('output'), nobody('agent'))];
  const socket = (name: string, descriptor: number) => ['-chardev', `socket,id=${name},fd=${descriptor}`];
  return [
    ...['-name', wires.name],
    ...[...socket('control', controlDescriptor), '-mon', 'chardev=control,mode=control'],
    ...lines(socket('output', outputDescriptor), socket('agent', agentDescriptor)),
  ];
}

/** Has QEMU itself make no calls that it does not need, such as to start programs. */
export const sandboxWords = ({ sandbox }: { sandbox: boolean }): string[] =>
  sandbox ? ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'] : [];

/** In QEMU's option lists a comma ends a value; doubled, it is part of it. */
export const value = (text: string): string => text.replaceAll(',', ',,');

/**
 * What the firmware asks QEMU for goes to standard error, two or three dozen lines in all: the last of them is the kernel, which it then enters.
 * As a pattern, it is no mistake where QEMU was built without traces.
 */
export const firmwareTrace = ['-trace', 'enable=fw_cfg_select*'];

const bootWords = (
  { profile, accelerator, boot }: VirtualMachine,
  wires: Wires,
  { plugged }: MemoryLayout,
): string[] =>
  boot
    ? [
        ...(wires.kind === 'inherited' ? firmwareTrace : []),
        ...['-kernel', boot.kernel, '-initrd', boot.initrd],
        '-append',
        [kernelLine(profile, accelerator), ...(plugged ? hotplugKernelWords(plugged) : [])].join(' '),
      ]
    : [];

/** A qcow2 is told to lie on no other file, whatever its header names by now. */
const ownFile = (format: DiskFacts['format'], filename: string): string =>
  `json:${JSON.stringify({
    driver: format,
    ...(format === 'qcow2' && { backing: null }),
    file: { driver: 'file', filename },
  })}`;

const driveWords = (
  { id, file, own, writes }: Drive,
  bus: MachineProfile['bus'],
  boots: boolean,
): string[] => [
  '-drive',
  [
    `if=none,id=${id}`,
    ...(own ? [] : ['format=raw']),
    writes === 'aside' ? 'snapshot=on' : 'read-only=on',
    `file=${value(own ? ownFile(own, file) : file)}`,
  ].join(),
  '-device',
  `virtio-blk-${bus},drive=${id}${boots ? ',bootindex=0' : ''}`,
];

export function qemuArguments(vm: VirtualMachine, wires: Wires): string[] {
  const { profile, accelerator } = vm;
  const memory = memoryOf(profile, vm.memoryBytes);
  return [
    ...['-machine', profile.machine],
    ...(profile.firmware ? ['-bios', profile.firmware] : []),
    ...['-accel', acceleratorWord(profile, accelerator), '-cpu', processorModel(profile, accelerator)],
    ...['-m', sizeOf(memory), '-smp', `${Math.ceil(vm.cpus)}`],
    ...memoryWords(profile, memory),
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...sandboxWords(vm.confinement),
    ...wireWords(profile, wires),
    ...bootWords(vm, wires, memory),
    ...vm.drives.flatMap((drive, place) => driveWords(drive, profile.bus, !vm.boot && place === 0)),
    ...networkWords(vm, profile),
    ...(vm.beside ?? []).flatMap((network, place) => networkWords(network, profile, `net${place + 1}`)),
    ...profile.devices,
  ];
}
