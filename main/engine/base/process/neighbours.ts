/** Others on this machine: what runs beside an instance takes from it, and shares with it. */
import path from 'node:path';
import { processes } from './proc';

const program = (words: readonly string[]): string => path.basename(words[0] ?? '');

/** What stands beside each container: containerd's shim, or Podman's conmon. */
export const isShim = (words: readonly string[]): boolean =>
  /^(containerd-shim|conmon$)/.test(program(words));

/** A virtual machine is a process of one of these. */
const monitors =
  /^(qemu-system-.+|qemu-kvm|kvm|firecracker|cloud-hypervisor|crosvm|VBoxHeadless|VirtualBoxVM|vmware-vmx|krunkit|vfkit)$/;
export const isMachine = (words: readonly string[]): boolean => monitors.test(program(words));

/** Whether applications in it run on another kernel than this machine's: a virtual machine's, or gVisor's. */
export const hasOwnKernel = (words: readonly string[]): boolean =>
  isMachine(words) || program(words) === 'runsc-sandbox';

/** How many containers and virtual machines are up, whoever started them; undefined where processes are not to be seen. */
export function neighbours(all = processes()): { containers: number; machines: number } | undefined {
  if (all.length === 0) return undefined;
  return {
    containers: all.filter(({ words }) => isShim(words)).length,
    machines: all.filter(({ words }) => isMachine(words)).length,
  };
}
