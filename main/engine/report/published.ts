/**
 * What others have published on the quantities that Tare measures. Each figure is quoted as its source gives it and was read
 * there, in the raw data where there is any; what it was measured on and what was counted is in assets/messages, and what the source
 * does not tell of that is named as not told.
 */
import { tell, type NameIn } from '../../contract/messages';
import type { PublishedFigure } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { kindOf } from '../../contract/targets';
import type { Bars } from './chart';
import { isEmulated, type Group } from './estimates/groups';

type Quantity = 'start-up' | 'memory';

interface Published extends Omit<PublishedFigure, 'conditions'> {
  /** `published.conditions.ID` tells its conditions */
  id: NameIn<'published.conditions'>;
  quantity: Quantity;
  /** what it speaks of: shown only where the run has one */
  of: 'container' | 'vm';
}

const firecracker = 'Firecracker, SPECIFICATION.md (github.com/firecracker-microvm/firecracker, 2026)';
const nsdi = (file: string) =>
  `Agache et al., Firecracker, NSDI 2020: data/m5d.metal/${file} (github.com/firecracker-microvm/nsdi2020-data)`;
const kata =
  'Kata Containers, checkmetrics-json-qemu-kata-metric8.toml (github.com/kata-containers/kata-containers, 2026)';
const gvisor = (file: string) =>
  `gVisor, Performance Guide: website/performance/${file} (github.com/google/gvisor, 2026)`;
const unikraft = (file: string) =>
  `Kuenzer et al., Unikraft, EuroSys 2021: fig_11, paperresults/${file} (github.com/unikraft/eurosys21-artifacts)`;

const gkeSwap = (file: string) =>
  `Agent Sandbox, examples/gke-swap/${file} (github.com/kubernetes-sigs/agent-sandbox, 2026)`;

const mebibyte = 1024 ** 2;

/** Newest first, by the year of the source. */
export const published: readonly Published[] = [
  {
    id: 'cloud-hypervisor-copy',
    quantity: 'start-up',
    of: 'vm',
    label: 'Cloud Hypervisor, copy',
    value: 727,
    published: '~727 ms',
    source: 'Cloud Hypervisor, issue 8744 (github.com/cloud-hypervisor/cloud-hypervisor, 2026)',
  },
  {
    id: 'cloud-hypervisor-ondemand',
    quantity: 'start-up',
    of: 'vm',
    label: 'Cloud Hypervisor, ondemand',
    value: 6,
    published: '~6 ms',
    source: 'Cloud Hypervisor, issue 8744 (github.com/cloud-hypervisor/cloud-hypervisor, 2026)',
  },
  {
    id: 'hypeman-mapped',
    quantity: 'start-up',
    of: 'vm',
    label: 'Hypeman + Cloud Hypervisor',
    value: 317,
    published: '317 ms',
    source: 'Hypeman, pull request 400 (github.com/kernel/hypeman, 2026)',
  },
  {
    id: 'hypeman-copied',
    quantity: 'start-up',
    of: 'vm',
    label: 'Hypeman + Cloud Hypervisor',
    value: 55_630,
    published: '55.63 s',
    source: 'Hypeman, pull request 400 (github.com/kernel/hypeman, 2026)',
  },
  {
    id: 'hypeman-firecracker',
    quantity: 'start-up',
    of: 'vm',
    label: 'Hypeman + Firecracker',
    value: 478,
    published: '478 ms',
    source: 'Hypeman, pull request 400 (github.com/kernel/hypeman, 2026)',
  },
  {
    id: 'mvm-boot',
    quantity: 'start-up',
    of: 'vm',
    label: 'mvm + Firecracker',
    value: 630.5,
    published: '630.5 ms',
    source: 'mvm, issue 2292 (github.com/tinylabscom/mvm, 2026)',
  },
  {
    id: 'agentenv-resume',
    quantity: 'start-up',
    of: 'vm',
    label: 'AgentENV + Firecracker',
    value: 44.8,
    published: '44.80 ms',
    source: 'AgentENV, issue 125 (github.com/kvcache-ai/AgentENV, 2026)',
  },
  {
    id: 'mvm-restore',
    quantity: 'start-up',
    of: 'vm',
    label: 'mvm + Firecracker',
    value: 60,
    published: '~60 ms',
    source: 'mvm, pull request 1865 (github.com/tinylabscom/mvm, 2026)',
  },
  {
    id: 'mitos-activate',
    quantity: 'start-up',
    of: 'vm',
    label: 'Mitos + Firecracker',
    value: 112.8,
    published: '112.8 ms',
    source: 'Mitos, issue 889 (github.com/mitos-run/mitos, 2026)',
  },
  {
    id: 'mitos-fork',
    quantity: 'start-up',
    of: 'vm',
    label: 'Mitos + Firecracker',
    value: 728,
    published: '~728 ms',
    source: 'Mitos, issue 832 (github.com/mitos-run/mitos, 2026)',
  },
  {
    id: 'pandastack-create',
    quantity: 'start-up',
    of: 'vm',
    label: 'PandaStack + Firecracker',
    value: 179,
    published: '179 ms',
    source: 'PandaStack, Performance (docs.pandastack.ai/docs/concepts/performance, 2026)',
  },
  {
    id: 'crun-run',
    quantity: 'start-up',
    of: 'container',
    label: 'crun',
    value: 6,
    published: '6.0 ± 0.6 ms',
    source: 'crun, pull request 2054 (github.com/containers/crun, 2026)',
  },
  {
    id: 'zeroboot-fork',
    quantity: 'start-up',
    of: 'vm',
    label: 'Zeroboot',
    value: 0.79,
    published: '0.79 ms',
    source: 'Zeroboot, README (github.com/adammiribyan/zeroboot, 2026)',
  },
  {
    id: 'microsandbox-boot',
    quantity: 'start-up',
    of: 'vm',
    label: 'microsandbox + libkrun',
    value: 100,
    published: '< 100 ms',
    source: 'microsandbox, README (github.com/superradcompany/microsandbox, 2026)',
  },
  {
    id: 'hyperlight-create',
    quantity: 'start-up',
    of: 'vm',
    label: 'Hyperlight',
    value: 34.74,
    published: '34.740 ms',
    source: 'Hyperlight, docs/benchmarking-hyperlight.md (github.com/hyperlight-dev/hyperlight, 2026)',
  },
  {
    id: 'firecracker-init',
    quantity: 'start-up',
    of: 'vm',
    label: 'Firecracker',
    value: 125,
    published: '≤ 125 ms',
    source: firecracker,
  },
  {
    id: 'kata-run',
    quantity: 'start-up',
    of: 'vm',
    label: 'Kata + QEMU',
    value: 710,
    published: '0.71 s',
    source: kata,
  },
  {
    id: 'docker-run',
    quantity: 'start-up',
    of: 'container',
    label: 'Docker + runc',
    value: 1193,
    published: '1193 ms',
    source: gvisor('startup.csv'),
  },
  {
    id: 'runc-cycle',
    quantity: 'start-up',
    of: 'container',
    label: 'runc',
    value: 224.6,
    published: '224.6 ± 12.0 ms',
    source: 'youki, README (github.com/youki-dev/youki, 2024)',
  },
  {
    id: 'cloud-hypervisor-boot',
    quantity: 'start-up',
    of: 'vm',
    label: 'Cloud Hypervisor',
    value: 102,
    published: '102 ms',
    source: nsdi('raw/boot-serial-chv.dat'),
  },
  {
    id: 'qboot-boot',
    quantity: 'start-up',
    of: 'vm',
    label: 'QEMU 4.2 + qboot',
    value: 214,
    published: '214 ms',
    source: nsdi('raw/boot-serial-qboot.dat'),
  },
  {
    id: 'qemu-boot',
    quantity: 'start-up',
    of: 'vm',
    label: 'QEMU 4.2',
    value: 244,
    published: '244 ms',
    source: nsdi('raw/boot-serial-qemu.dat'),
  },
  {
    id: 'runc-chrome',
    quantity: 'memory',
    of: 'container',
    label: 'runc + Chrome',
    value: 200 * mebibyte,
    published: '200 MiB',
    source: gkeSwap('README.md'),
  },
  {
    id: 'gvisor-chrome',
    quantity: 'memory',
    of: 'container',
    label: 'gVisor + Chrome',
    value: 370 * mebibyte,
    published: '~370 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'gvisor-chrome-further',
    quantity: 'memory',
    of: 'container',
    label: 'gVisor + Chrome',
    value: 206 * mebibyte,
    published: '~206.0 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-qemu-chrome',
    quantity: 'memory',
    of: 'vm',
    label: 'Kata + QEMU + Chrome',
    value: 1130 * mebibyte,
    published: '~1130 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-qemu-chrome-further',
    quantity: 'memory',
    of: 'vm',
    label: 'Kata + QEMU + Chrome',
    value: 631.5 * mebibyte,
    published: '~631.5 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-clh-chrome',
    quantity: 'memory',
    of: 'vm',
    label: 'Kata + Cloud Hypervisor + Chrome',
    value: 1128 * mebibyte,
    published: '~1128 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kata-clh-chrome-further',
    quantity: 'memory',
    of: 'vm',
    label: 'Kata + Cloud Hypervisor + Chrome',
    value: 687.5 * mebibyte,
    published: '~687.5 MiB',
    source: gkeSwap('runtimes/README.md'),
  },
  {
    id: 'kubevirt-overhead',
    quantity: 'memory',
    of: 'vm',
    label: 'KubeVirt',
    value: 240 * mebibyte,
    published: '240 MiB',
    source: 'KubeVirt, pkg/hypervisor/kvm/hypervisorbackend.go (github.com/kubevirt/kubevirt, 2026)',
  },
  {
    id: 'zeroboot-memory',
    quantity: 'memory',
    of: 'vm',
    label: 'Zeroboot',
    value: 265e3,
    published: '~265 KB',
    source: 'Zeroboot, README (github.com/adammiribyan/zeroboot, 2026)',
  },
  {
    id: 'firecracker-vmm',
    quantity: 'memory',
    of: 'vm',
    label: 'Firecracker VMM',
    value: 5 * mebibyte,
    published: '≤ 5 MiB',
    source: firecracker,
  },
  {
    id: 'kata-pss',
    quantity: 'memory',
    of: 'vm',
    label: 'Kata + QEMU',
    value: 120 * mebibyte,
    published: '120.0 MiB',
    source: kata,
  },
  {
    id: 'runc-sleep',
    quantity: 'memory',
    of: 'container',
    label: 'runc',
    value: 4.1e6,
    published: '4.1 MB',
    source: gvisor('density.csv'),
  },
  {
    id: 'cloud-hypervisor-cold',
    quantity: 'memory',
    of: 'vm',
    label: 'Cloud Hypervisor',
    value: 33e6,
    published: '~33 MB',
    source: 'Cloud Hypervisor, pull request 5390 (github.com/cloud-hypervisor/cloud-hypervisor, 2023)',
  },
  {
    id: 'cloud-hypervisor-mapped',
    quantity: 'memory',
    of: 'vm',
    label: 'Cloud Hypervisor, mapped',
    value: 6e6,
    published: '~6 MB',
    source: 'Cloud Hypervisor, pull request 5390 (github.com/cloud-hypervisor/cloud-hypervisor, 2023)',
  },
  {
    id: 'docker-nginx',
    quantity: 'memory',
    of: 'container',
    label: 'Docker + nginx',
    value: 7e6,
    published: '7 MB',
    source: unikraft('docker.csv'),
  },
  {
    id: 'firecracker-nginx',
    quantity: 'memory',
    of: 'vm',
    label: 'Firecracker + nginx',
    value: 29e6,
    published: '29 MB',
    source: unikraft('microvm.csv'),
  },
  {
    id: 'firecracker-idle',
    quantity: 'memory',
    of: 'vm',
    label: 'Firecracker',
    // the file counts in KB of 1024 bytes
    value: 183.5 * mebibyte,
    published: '183.5 MiB',
    source: nsdi('mem-fc.dat'),
  },
  {
    id: 'qemu-idle',
    quantity: 'memory',
    of: 'vm',
    label: 'QEMU 4.2',
    value: 210.4 * mebibyte,
    published: '210.4 MiB',
    source: nsdi('mem-qemu.dat'),
  },
];

/** What has been published on `quantity` for the ways of running that `groups` were measured in. */
export function publishedOn(
  quantity: Quantity,
  run: Run,
  groups: readonly Group[],
): Pick<Bars, 'references' | 'aboutReferences'> {
  const measured = (of: Published['of']) => groups.some(({ target }) => kindOf(target) === of);
  const references = published
    .filter((figure) => figure.quantity === quantity && measured(figure.of))
    .map(({ id, label, value, published: words, source }): PublishedFigure => ({
      label,
      value,
      published: words,
      conditions: tell(`published.conditions.${id}`),
      source,
    }));
  if (references.length === 0) return {};
  const about = isEmulated(run.trials) ? 'published.about.emulated' : 'published.about';
  return { references, aboutReferences: tell(about) };
}
