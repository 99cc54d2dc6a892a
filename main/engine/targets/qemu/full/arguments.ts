/** Pure: what QEMU is told for a PC that boots a system of its own from disk. */
import type { Accelerator } from '../../../../contract/run/run';
import { machineBytes, value, wireWords, type Wires } from '../arguments';
import { balloon } from '../machine/balloon';
import { processorModel, q35 } from '../profiles';

export interface FullMachine {
  /** the system's disk: never written, as every VM has a layer of its own above */
  system: string;
  /** EROFS image of the application's root filesystem */
  image: string;
  /** the application's unit, padded to whole sectors */
  unit: string;
  memoryBytes: number;
  cpus: number;
  guestPort: number;
  hostPort: number;
  accelerator: Accelerator;
}

const mebibyte = 1024 * 1024;

const disk = (id: string, file: string, how: string, more = ''): string[] => [
  ...['-drive', `if=none,id=${id},format=raw,${how},file=${value(file)}`],
  ...['-device', `virtio-blk-pci,drive=${id}${more}`],
];

/** The guest knows its disks by their order: vda, vdb, vdc. */
export const fullArguments = (vm: FullMachine, wires: Wires): string[] => [
  ...['-machine', 'q35', '-accel', vm.accelerator, '-cpu', processorModel(vm.accelerator)],
  ...['-m', `${machineBytes(vm.memoryBytes) / mebibyte}M`, '-smp', `${Math.ceil(vm.cpus)}`],
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
  ...wireWords(q35, wires),
  ...disk('system', vm.system, 'snapshot=on', ',bootindex=0'),
  ...disk('image', vm.image, 'read-only=on'),
  ...disk('unit', vm.unit, 'read-only=on'),
  ...['-netdev', `user,id=net,hostfwd=tcp:127.0.0.1:${vm.hostPort}-:${vm.guestPort}`],
  ...['-device', 'virtio-net-pci,romfile=,netdev=net'],
  ...balloon('pci'),
];
