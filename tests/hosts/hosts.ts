/** The hosts: one entry each. What all have stands in `base.ts`. */
import { rootlessDocker, rootlessPodman, systemDocker } from './setUps';

export type Architecture = 'amd64' | 'arm64';

export interface Host {
  id: string;
  /** as the table of results names it */
  title: string;
  architecture: Architecture;
  /** memory of the machine, in MiB */
  mebibytes: number;
  /** shell commands that root runs there once, after the first boot */
  setUp: string;
  /** where its engine listens, as DOCKER_HOST names it; absent: Tare finds it by itself */
  endpoint?: string;
  /** ways to run an image that must work for its user, who is neither root nor has passwords */
  usable: readonly string[];
  /** what `doctor` must find missing, by its names; default: nothing */
  missing?: readonly string[];
  /** ids of checks that are not made here, each with the reason */
  without: Readonly<Record<string, string>>;
}

const onlyHis = 'the engine is the user’s own';
const noKvm =
  'its user is not in the group kvm: a machine there is emulated twice, and too slow for QEMU’s control socket';
const noMachines = 'it has no QEMU: without KVM, a machine there would be emulated twice';
const noDial = 'ssh leads to an engine by Docker’s own command line';
const once = 'the same system as a';
const otherPackage = 'a package is made on the architecture that it is for';
const otherProcessor = 'the built-in workloads are made for the processor of the computer that Tare is on';
const noNode = 'the test runner has a native part for amd64 only here';

export const hosts: readonly Host[] = [
  {
    id: 'a',
    title: 'Docker, overlay2, AppArmor, group docker',
    architecture: 'amd64',
    mebibytes: 6144,
    setUp: systemDocker({}),
    usable: ['container', 'process', 'vm:direct'],
    without: {},
  },
  {
    id: 'b',
    title: 'Docker, containerd image store',
    architecture: 'amd64',
    mebibytes: 6144,
    setUp: systemDocker({ features: { 'containerd-snapshotter': true } }),
    usable: ['container', 'process', 'vm:direct'],
    without: { package: once },
  },
  {
    id: 'c',
    title: 'Docker, rootless',
    architecture: 'amd64',
    mebibytes: 6144,
    setUp: rootlessDocker,
    usable: ['container', 'process', 'vm:direct'],
    without: { vm: noKvm, 'memory-root': onlyHis, package: once },
  },
  {
    id: 'd',
    title: 'Podman, rootless',
    architecture: 'amd64',
    mebibytes: 6144,
    setUp: rootlessPodman,
    endpoint: 'unix:///run/user/1000/podman/podman.sock',
    usable: ['container', 'process', 'vm:direct'],
    without: { vm: noKvm, 'memory-root': onlyHis, package: once, elsewhere: noDial },
  },
  {
    id: 'e',
    title: 'Docker on arm64',
    architecture: 'arm64',
    mebibytes: 4096,
    setUp: systemDocker({}),
    usable: ['container', 'process'],
    missing: ['qemu', 'disk-tools'],
    without: { vm: noMachines, package: otherPackage, elsewhere: otherProcessor, tests: noNode },
  },
];
