import type { Published } from './figure';
import { firecracker, gvisor, kata, nsdi, zeroboot } from './sources';

const unikraft = (file: string) =>
  `Kuenzer et al., Unikraft, EuroSys 2021: fig_11, paperresults/${file} (github.com/unikraft/eurosys21-artifacts)`;
const gkeSwap = (file: string) =>
  `Agent Sandbox, examples/gke-swap/${file} (github.com/kubernetes-sigs/agent-sandbox, 2026)`;
const cloudHypervisor =
  'Cloud Hypervisor, pull request 5390 (github.com/cloud-hypervisor/cloud-hypervisor, 2023)';

const mebibyte = 1024 ** 2;

/** Newest first, by the year of the source. */
export const memory: readonly Published[] = [
  {
    id: 'runc-chrome',
    of: 'container',
    label: 'runc + Chrome',
    value: 200 * mebibyte,
    published: '200 MiB',
    source: gkeSwap('README.md'),
  },
  {
    id: 'gvisor-chrome',
    of: 'container',
    label: 'gVisor + Chrome',
    value: 370 * mebibyte,
    published: '~370 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'gvisor-chrome-further',
    of: 'container',
    label: 'gVisor + Chrome, +1',
    value: 206 * mebibyte,
    published: '~206.0 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-qemu-chrome',
    of: 'vm',
    label: 'Kata + QEMU + Chrome',
    value: 1130 * mebibyte,
    published: '~1130 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-qemu-chrome-further',
    of: 'vm',
    label: 'Kata + QEMU + Chrome, +1',
    value: 631.5 * mebibyte,
    published: '~631.5 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-clh-chrome',
    of: 'vm',
    label: 'Kata + Cloud Hypervisor + Chrome',
    value: 1128 * mebibyte,
    published: '~1128 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-clh-chrome-further',
    of: 'vm',
    label: 'Kata + Cloud Hypervisor + Chrome, +1',
    value: 687.5 * mebibyte,
    published: '~687.5 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kubevirt-overhead',
    of: 'vm',
    label: 'KubeVirt',
    value: 240 * mebibyte,
    published: '240 MiB',
    source: 'KubeVirt, pkg/hypervisor/kvm/hypervisorbackend.go (github.com/kubevirt/kubevirt, 2026)',
  },
  {
    id: 'zeroboot-memory',
    of: 'vm',
    label: 'Zeroboot',
    value: 265e3,
    published: '~265 KB',
    source: zeroboot,
  },
  {
    id: 'firecracker-vmm',
    of: 'vm',
    label: 'Firecracker VMM',
    value: 5 * mebibyte,
    published: '≤ 5 MiB',
    source: firecracker,
  },
  {
    id: 'kata-pss',
    of: 'vm',
    label: 'Kata + QEMU',
    value: 120 * mebibyte,
    published: '120.0 MiB',
    source: kata,
  },
  {
    id: 'runc-sleep',
    of: 'container',
    label: 'runc',
    value: 4.1e6,
    published: '4.1 MB',
    source: gvisor('density.csv'),
  },
  {
    id: 'cloud-hypervisor-cold',
    of: 'vm',
    label: 'Cloud Hypervisor',
    value: 33e6,
    published: '~33 MB',
    source: cloudHypervisor,
  },
  {
    id: 'cloud-hypervisor-mapped',
    of: 'vm',
    label: 'Cloud Hypervisor, mapped',
    value: 6e6,
    published: '~6 MB',
    source: cloudHypervisor,
  },
  {
    id: 'docker-nginx',
    of: 'container',
    label: 'Docker + nginx',
    value: 7e6,
    published: '7 MB',
    source: unikraft('docker.csv'),
  },
  {
    id: 'firecracker-nginx',
    of: 'vm',
    label: 'Firecracker + nginx',
    value: 29e6,
    published: '29 MB',
    source: unikraft('microvm.csv'),
  },
  {
    id: 'firecracker-idle',
    of: 'vm',
    label: 'Firecracker',
    // the file counts in KB of 1024 bytes
    value: 183.5 * mebibyte,
    published: '183.5 MiB',
    source: nsdi('mem-fc.dat'),
  },
  {
    id: 'qemu-idle',
    of: 'vm',
    label: 'QEMU 4.2',
    value: 210.4 * mebibyte,
    published: '210.4 MiB',
    source: nsdi('mem-qemu.dat'),
  },
];
