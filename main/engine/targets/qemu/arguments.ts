/** Pure: what QEMU is told. Why each word is there was measured on QEMU 10.0 with Debian's cloud kernel. */
import type { Accelerator } from '../../../contract/run';

export interface VirtualMachine {
  /** uncompressed vmlinux */
  kernel: string;
  initrd: string;
  /** EROFS image of the root filesystem */
  disk: string;
  memoryBytes: number;
  cpus: number;
  /** where the application listens inside */
  guestPort: number;
  /** where the host reaches it, on the loopback interface */
  hostPort: number;
  accelerator: Accelerator;
}

/** Where QEMU's control socket and the guest's two serial lines end. */
export type Wires =
  /** descriptors 3, 4 and 5 are sockets: control, application output, agent. No socket file, nothing to connect to */
  | { kind: 'inherited'; name: string }
  /** the application's output on the terminal and no control: what a person can paste into a shell */
  | { kind: 'terminal' };

export const controlDescriptor = 3;
export const outputDescriptor = 4;
export const agentDescriptor = 5;

/** Processor model and what the guest's kernel must know, per accelerator. */
const byAccelerator: Record<Accelerator, { cpu: string; kernelWords: string[] }> = {
  kvm: { cpu: 'host', kernelWords: [] },
  hvf: { cpu: 'host', kernelWords: [] },
  whpx: { cpu: 'max', kernelWords: [] },
  // Timer checks and calibration cost an emulated guest 0.3 s. `max`: images for x86-64-v2 abort on qemu64.
  tcg: { cpu: 'max', kernelWords: ['no_timer_check', 'nolapic_timer'] },
};

export const processorModel = (accelerator: Accelerator): string => byAccelerator[accelerator].cpu;

const kernelWords = [
  'console=ttyS0',
  'quiet',
  'reboot=t', // with -no-reboot, a restart ends QEMU; no ACPI needed
  'panic=-1', // so does a panic
  'mitigations=off',
  'nokaslr',
  'audit=0',
  'apparmor=0',
  'i8042.noaux',
  'i8042.nokbd',
  'i8042.nopnp',
  '8250.nr_uarts=2',
  'cryptomgr.notests',
  'random.trust_cpu=on',
  'init_on_alloc=0', // zeroing at allocation would touch memory that the application never used
];

const mebibyte = 1024 * 1024;

/** QEMU is given whole MiB, never less than asked for. */
export const machineBytes = (memoryBytes: number): number => Math.ceil(memoryBytes / mebibyte) * mebibyte;

const wires = (wires: Wires): string[] => {
  if (wires.kind === 'terminal') {
    return ['-chardev', 'stdio,id=output', '-serial', 'chardev:output', '-serial', 'null'];
  }
  return [
    ...['-name', wires.name],
    ...['-chardev', `socket,id=control,fd=${controlDescriptor}`, '-mon', 'chardev=control,mode=control'],
    ...['-chardev', `socket,id=output,fd=${outputDescriptor}`, '-serial', 'chardev:output'],
    ...['-chardev', `socket,id=agent,fd=${agentDescriptor}`, '-serial', 'chardev:agent'],
  ];
};

/** In QEMU's option lists a comma ends a value; doubled, it is part of it. */
const value = (text: string): string => text.replaceAll(',', ',,');

export function qemuArguments(vm: VirtualMachine, lines: Wires): string[] {
  const { cpu, kernelWords: more } = byAccelerator[vm.accelerator];
  return [
    // Without the parts of a PC that this guest never looks at, it boots 0.2 s sooner.
    ...['-machine', 'q35,smm=off,vmport=off,sata=off,usb=off,smbus=off'],
    ...['-accel', vm.accelerator, '-cpu', cpu],
    ...['-m', `${machineBytes(vm.memoryBytes) / mebibyte}M`, '-smp', `${Math.ceil(vm.cpus)}`],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...wires(lines),
    ...['-kernel', vm.kernel, '-initrd', vm.initrd],
    ...['-append', [...kernelWords, ...more].join(' ')],
    ...['-drive', `if=none,id=root,format=raw,read-only=on,file=${value(vm.disk)}`],
    ...['-device', 'virtio-blk-pci,drive=root'],
    ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${vm.hostPort}-:${vm.guestPort}`],
    ...['-device', 'virtio-net-pci,romfile=,netdev=net'],
  ];
}
