import { probeOf, serviceNames, type OwnName, type PlanInput } from '../../../contract/plan';
import {
  baselineTarget,
  imageTargets,
  lightestVm,
  repeatOf,
  resumedVm,
  systemTargets,
  targetsThat,
  tuned,
  usualTargets,
  usualVm,
} from '../../../contract/targets';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const pair = [...usualTargets];
const builtin = (name: OwnName) => ({ kind: 'builtin', name }) as const;

/**
 * Plans that come with Tare.
 * `three-apps` is the article's example: three small applications with 2, 1 and 4 GiB, as VMs, as containers with the same limits, and
 * in one VM together, all up at the same time, so that what was promised and what was used can be told apart.
 */
export const presets: PlanInput[] = [
  {
    name: 'three-apps',
    workloads: [
      { name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 2 * gibibyte } },
      { name: 'api', image: builtin('api'), port: 8080, limits: { memoryBytes: 1 * gibibyte } },
      { name: 'worker', image: builtin('worker'), port: 8080, limits: { memoryBytes: 4 * gibibyte } },
    ],
    targets: [...pair, ...targetsThat(({ sharesMachine }) => sharesMachine)],
    arrangement: 'together',
    trials: 3,
    soakMs: 5000,
  },
  {
    name: 'quick',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 512 * mebibyte } }],
    targets: pair,
    trials: 3,
  },
  {
    name: 'startup',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 512 * mebibyte } }],
    targets: pair,
    trials: 10,
    warmups: 2,
    soakMs: 0,
  },
  {
    name: 'density',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 256 * mebibyte } }],
    targets: pair,
    density: { most: 8 },
    trials: 1,
    soakMs: 2000,
    coolDownMs: 1000,
    memoryFloorBytes: gibibyte, // a machine that is nearly full is no fun to sit at
    readyTimeoutMs: 120_000,
  },
  {
    // Machines from one saved state: what they share, and how soon each answers. One ladder has all twenty starts of a 95th percentile.
    name: 'fan-out',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 256 * mebibyte } }],
    targets: [baselineTarget, resumedVm, ...tuned(resumedVm, 'state=copied')],
    density: { most: 20, ladders: 1 },
    trials: 1,
    soakMs: 2000,
    coolDownMs: 1000,
    memoryFloorBytes: gibibyte,
    readyTimeoutMs: 120_000,
  },
  {
    // The article, claim by claim: its three applications, a full system beside them, and what is gathered without trials.
    name: 'claims',
    workloads: [
      {
        name: 'web',
        image: builtin('web'),
        port: 8080,
        limits: { memoryBytes: 2 * gibibyte },
        targets: pair,
      },
      {
        name: 'api',
        image: builtin('api'),
        port: 8080,
        limits: { memoryBytes: 1 * gibibyte },
        targets: pair,
      },
      {
        name: 'worker',
        image: builtin('worker'),
        port: 8080,
        limits: { memoryBytes: 4 * gibibyte },
        targets: pair,
      },
      {
        name: 'system',
        image: builtin('web'),
        port: 8080,
        limits: { memoryBytes: 2 * gibibyte },
        targets: [...systemTargets],
      },
    ],
    targets: [...pair, ...systemTargets],
    skipUnusable: true,
    arrangement: 'together',
    claims: true,
    trials: 3, // two give intervals in which anything fits
    warmups: 0,
    soakMs: 3000,
    budgetMs: 150_000, // the first round is always finished: where machines are emulated it may be the only one
  },
  {
    // A container against the same container: what this machine can tell apart. `tare doctor --noise` runs it.
    name: 'noise',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 128 * mebibyte } }],
    targets: [baselineTarget, repeatOf(baselineTarget)],
    trials: 10,
    warmups: 2,
    soakMs: 200,
    coolDownMs: 100,
    precision: 0.05,
    budgetMs: 60_000,
  },
  {
    // Each with the port that its image names, unusual ones: as plain processes they must not meet this computer's own services.
    name: 'services',
    workloads: serviceNames.map((name) => ({
      name,
      image: { kind: 'builtin', name },
      probe: probeOf(name),
      limits: { memoryBytes: 512 * mebibyte },
    })),
    targets: pair,
    trials: 3,
  },
  {
    name: 'ladder',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 512 * mebibyte } }],
    targets: [...imageTargets],
    wholeLadder: true,
    trials: 3,
  },
  {
    // One thing about a VM changed at a time: what each is worth. Eight rounds, so that ranks decide.
    name: 'levers',
    workloads: [{ name: 'web', image: builtin('web'), port: 8080, limits: { memoryBytes: 512 * mebibyte } }],
    targets: [
      usualVm,
      ...tuned(usualVm, 'kernel=minimal', 'entry=bzimage', 'firmware=qboot', 'console=verbose'),
      ...tuned(usualVm, 'mitigations=on', 'zeroing=on', 'reporting=on', 'hotplug=virtio-mem'),
      lightestVm,
      ...tuned(lightestVm, 'console=verbose', 'console=off', 'cpus=2', 'cpus=4', 'memory=128M', 'memory=2G'),
      ...tuned(lightestVm, 'disk=initramfs', 'disk=squashfs', 'disk=ext4', 'reporting=off', 'pages=huge'),
      resumedVm,
      ...tuned(resumedVm, 'state=copied'),
    ],
    skipUnusable: true,
    trials: 8,
    soakMs: 500,
    coolDownMs: 200,
  },
];
