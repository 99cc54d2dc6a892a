/** Where figures of both quantities were published. */

export const firecracker = 'Firecracker, SPECIFICATION.md (github.com/firecracker-microvm/firecracker, 2026)';
export const nsdi = (file: string) =>
  `Agache et al., Firecracker, NSDI 2020: data/m5d.metal/${file} (github.com/firecracker-microvm/nsdi2020-data)`;
export const kata =
  'Kata Containers, checkmetrics-json-qemu-kata-metric8.toml (github.com/kata-containers/kata-containers, 2026)';
export const gvisor = (file: string) =>
  `gVisor, Performance Guide: website/performance/${file} (github.com/google/gvisor, 2026)`;
export const zeroboot = 'Zeroboot, README (github.com/adammiribyan/zeroboot, 2026)';
