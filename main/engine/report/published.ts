/**
 * What others have published on the quantities that Tare measures. Each figure is quoted as its source gives it and was read
 * there, in the raw data where there is any; what it was measured on and what was counted is in assets/messages.
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

const mebibyte = 1024 ** 2;

export const published: readonly Published[] = [
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
    id: 'docker-run',
    quantity: 'start-up',
    of: 'container',
    label: 'Docker + runc',
    value: 1193,
    published: '1193 ms',
    source: gvisor('startup.csv'),
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
    id: 'kata-run',
    quantity: 'start-up',
    of: 'vm',
    label: 'Kata + QEMU',
    value: 710,
    published: '0.71 s',
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
    id: 'docker-nginx',
    quantity: 'memory',
    of: 'container',
    label: 'Docker + nginx',
    value: 7e6,
    published: '7 MB',
    source: unikraft('docker.csv'),
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
    id: 'firecracker-nginx',
    quantity: 'memory',
    of: 'vm',
    label: 'Firecracker + nginx',
    value: 29e6,
    published: '29 MB',
    source: unikraft('microvm.csv'),
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
