/** A run as the engine would have kept it, with plausible noise; the same for the same options. Nothing is started. */
import { Plan, workloadsOn, type PlanInput } from '../../../main/contract/plan';
import { sharesMachine, type TargetId } from '../../../main/contract/targets';
import {
  Run,
  schemaVersion,
  type Accelerator,
  type PartName,
  type RoundMachine,
  type Sample,
  type Trial,
} from '../../../main/contract/run/run';
import { makeReport } from '../../../main/engine/results/report/report';
import { seededRandom, type Random } from '../../../main/engine/results/statistics/random';
import { presets } from '../../../main/engine/measure/workloads/presets';
import { normalDraw } from '../statistics/normalDraw';

const mebibyte = 1024 ** 2;

export interface FakeRunOptions {
  /** default: `quick` */
  preset?: string;
  /** replaces fields of the preset's plan */
  plan?: Partial<PlanInput>;
  /** of the VM trials; default: tcg */
  accelerator?: Accelerator;
  seed?: number;
  /** changes a trial before it is put into the run */
  change?: (trial: Trial) => void;
}

/** Median time from the phase before, in ms; TCG and an accelerator differ only here. */
const phasesOf = (target: TargetId, emulated: boolean): [string, number][] =>
  target.startsWith('vm')
    ? emulated
      ? [
          ['spawned', 12],
          ['qemu-ready', 31],
          ['kernel', 140],
          ['init', 1720],
          ['network', 190],
          ['exec', 160],
          ['ready', 165],
        ]
      : [
          ['spawned', 12],
          ['qemu-ready', 29],
          ['kernel', 45],
          ['init', 180],
          ['network', 22],
          ['exec', 14],
          ['ready', 21],
        ]
    : [
        ['created', 58],
        ['started', 262],
        ['ready', 14],
      ];

/** What an application touches, in MiB. */
const appetite: Record<string, number> = { web: 3.1, api: 6.4, worker: 203 };

function partsOf(
  target: TargetId,
  workload: string,
  emulated: boolean,
  wobble: () => number,
): [PartName, number][] {
  const needs = appetite[workload] ?? 12;
  const parts: [PartName, number][] = target.startsWith('vm')
    ? [
        ['guest-ram', 92 + needs],
        ['vmm', 41],
        ...(emulated ? [['translation', 55] as [PartName, number]] : []),
      ]
    : [
        ['workload', needs],
        ['shim', 3.9],
        ['proxies', 3.2],
      ];
  return parts.map(([part, mib]) => [part, Math.round(mib * mebibyte * wobble())]);
}

function fakeTrial(
  plan: Plan,
  name: string,
  target: TargetId,
  index: number,
  accelerator: Accelerator,
  random: Random,
): Trial {
  const emulated = accelerator === 'tcg';
  const vm = target.startsWith('vm');
  const wobble = (share: number) => Math.exp(share * normalDraw(random));
  let atMs = 0;
  const phases = [{ name: 'start', atMs }];
  for (const [phase, tookMs] of phasesOf(target, emulated)) {
    atMs += tookMs * wobble(0.06);
    phases.push({ name: phase, atMs });
  }
  const readyMs = atMs;
  for (const [phase, tookMs] of [
    ['measured', plan.soakMs + 9],
    ['stopping', 1],
    ['stopped', vm ? 310 : 190],
  ] as const) {
    atMs += tookMs;
    phases.push({ name: phase, atMs });
  }
  const parts = partsOf(target, name, emulated, () => wobble(0.01)).map(([part, bytes]) => ({ part, bytes }));
  const hostBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const reservedBytes = plan.workloads.find((workload) => workload.name === name)!.limits.memoryBytes;
  const needs = (appetite[name] ?? 12) * mebibyte;
  return {
    id: `${name}/${target}/${index}`,
    workload: name,
    target,
    index,
    outcome: 'ok',
    ...(vm && { accelerator }),
    startMs: 0,
    phases,
    readyMs,
    resolutionMs: 3 + 2 * random(),
    memory: {
      reservedBytes,
      hostBytes,
      fileBytes: (vm ? 34 : 21) * mebibyte,
      sharedFileBytes: (vm ? 34 : 20) * mebibyte,
      pssBytes: vm ? hostBytes : parts[0]!.bytes,
      ...(vm
        ? { guestUsedBytes: Math.round(61 * mebibyte + needs), guestCacheBytes: 14 * mebibyte }
        : { workingSetBytes: parts[0]!.bytes }),
      parts,
      missing: [],
    },
    disk: vm
      ? { imageBytes: 2_271_040, vmDiskBytes: 1_413_120 }
      : { imageBytes: 2_271_040, writtenBytes: 4096 },
    cpuMs: vm ? readyMs * 0.98 : 41 * wobble(0.05),
    stop: { how: 'polite', tookMs: vm ? 310 : 190 },
    answerSha256: name.padEnd(64, '0').replace(/[^0-9a-f]/g, 'e'),
  };
}

/** Of one of several applications in a machine only the guest's account is known. */
const chargedIn = ({ reservedBytes, hostBytes }: Trial['memory']): Trial['memory'] => ({
  reservedBytes,
  guestUsedBytes: hostBytes,
  parts: [],
  missing: [],
});

const fakeMachine = ([first]: readonly Trial[], hostBytes: number): RoundMachine => ({
  startMs: first!.startMs,
  phases: [
    { name: 'start', atMs: 0 },
    { name: 'waiting', atMs: 1800 },
  ],
  upMs: 1800 + first!.index,
  memory: {
    reservedBytes: 7 * 1024 * mebibyte,
    hostBytes,
    fileBytes: 34 * mebibyte,
    parts: [{ part: 'guest-ram', bytes: hostBytes }],
    missing: [],
  },
  cpuMs: 2300,
});

/** Most tests are of targets whose instances have a place of their own. */
const withoutShared = ({ targets }: Partial<PlanInput> = {}): Partial<PlanInput> =>
  targets ? { targets: targets.filter((target) => !sharesMachine(target)) } : {};

/** @throws {ZodError} when the options make a plan that is not one */
export function fakeRun(options: FakeRunOptions = {}): Run {
  const { preset = 'quick', accelerator = 'tcg', seed = 1 } = options;
  const written = presets.find(({ name }) => name === preset);
  const plan = Plan.parse({ ...written, ...withoutShared(written), ...options.plan });
  const random = seededRandom(seed);
  const trials: Trial[] = [];
  const rounds: Run['rounds'] = [];
  let clockMs = 0;
  for (let index = 0; index < plan.trials; index += 1) {
    for (const target of plan.targets) {
      const round = workloadsOn(plan, target).map(({ name }) =>
        fakeTrial(plan, name, target, index, accelerator, random),
      );
      for (const trial of round) {
        trial.startMs = clockMs;
        clockMs +=
          plan.arrangement === 'together' ? trial.readyMs! : trial.phases.at(-1)!.atMs + plan.coolDownMs;
        options.change?.(trial);
      }
      if (plan.arrangement === 'together') clockMs += plan.soakMs + plan.coolDownMs;
      const givenBytes = round.reduce((sum, { memory }) => sum + (memory.hostBytes ?? 0), 0);
      const machineBytes = 118 * mebibyte;
      const isShared = sharesMachine(target) && plan.arrangement === 'together';
      if (isShared) for (const trial of round) trial.memory = chargedIn(trial.memory);
      const wholeBytes = givenBytes + (isShared ? machineBytes : 0);
      rounds.push({
        target,
        index,
        ...(isShared && { machine: fakeMachine(round, wholeBytes) }),
        hostChangeBytes: Math.round(wholeBytes * 1.04 + 9 * mebibyte),
      });
      trials.push(...round);
    }
  }
  return Run.parse({
    schemaVersion,
    id: '20251123-231500-00a1',
    session: 'f00d000000000001',
    startedAt: '2025-11-23T23:15:00.000Z',
    endedAt: '2025-11-23T23:16:12.000Z',
    state: 'done',
    plan,
    environment: fakeEnvironment(plan, accelerator),
    trials,
    rounds,
    skipped: [],
    samplerLoad: 0.011,
  } satisfies Partial<Run>);
}

const fakeEnvironment = (plan: Plan, accelerator: Accelerator): Run['environment'] => ({
  tareVersion: '0.1.0',
  host: {
    cpu: 'Intel Xeon (Sapphire Rapids)',
    cores: 2,
    memoryBytes: 8_262_541_312,
    availableBytes: 6_871_947_673,
    os: 'Debian GNU/Linux 13 (trixie)',
    kernel: '6.12.41+deb13-amd64',
    virtualisation: 'kvm',
    loadAverage: 0.31,
    cgroupVersion: 1,
    ksm: false,
  },
  engine: {
    name: 'Docker',
    version: '26.1.5',
    endpoint: 'unix:///var/run/docker.sock',
    runtime: 'runc',
    storageDriver: 'overlay2',
    cgroupDriver: 'cgroupfs',
    cgroupVersion: 1,
    sharedBytes: 118 * mebibyte,
  },
  qemu: {
    version: '10.0.13',
    accelerator,
    reason: accelerator === 'tcg' ? 'kvm-no-boot' : 'test-boot',
    kernel: '6.12.41+deb13-cloud-amd64',
    kit: 'k1',
  },
  images: plan.workloads.map(({ name }) => ({
    workload: name,
    reference: `tare/${name}:1`,
    digest: `sha256:${'5'.repeat(64)}`,
    bytes: 2_271_040,
  })),
  commands: plan.workloads.flatMap(({ name, limits }) =>
    plan.targets.map((target) => ({
      workload: name,
      target,
      line: target.startsWith('vm')
        ? [
            'qemu-system-x86_64',
            '-M',
            'q35',
            '-accel',
            accelerator,
            '-m',
            `${limits.memoryBytes / mebibyte}`,
            '-append',
            'console=ttyS0 tare.agent=1',
          ]
        : ['docker', 'run', '-d', '-m', `${limits.memoryBytes}`, '-p', '127.0.0.1:0:8080', `tare/${name}:1`],
    })),
  ),
  missing: [{ what: 'host.governor', reason: 'ENOENT' }],
});

/** What the sampler would have told of `run`: a cheap reading every period, the host each tick. */
export function fakeSamples(run: Run): Sample[] {
  const { samplePeriodMs } = run.plan;
  const samples: Sample[] = [];
  for (const trial of run.trials) {
    const { readyMs, memory } = trial;
    if (readyMs === undefined || memory.hostBytes === undefined) continue;
    const upMs = readyMs + run.plan.soakMs;
    for (let tick = 0; tick * samplePeriodMs < upMs; tick += 1) {
      const atMs = trial.startMs + tick * samplePeriodMs + 1.5;
      const grown = Math.min(1, (tick * samplePeriodMs + 40) / readyMs) ** 0.7;
      const bytes = Math.round(memory.hostBytes * grown);
      samples.push({
        kind: 'instance',
        trial: trial.id,
        atMs,
        residentBytes: Math.round(bytes * 1.02),
        cpuMs: tick * 20,
      });
      samples.push({
        kind: 'host',
        atMs,
        lateMs: 0.4,
        costMs: 1.1,
        availableBytes: 6_871_947_673 - bytes,
        load: 0.4,
      });
    }
  }
  return samples.sort((a, b) => a.atMs - b.atMs);
}

/** `fakeRun` with its report, as run.json holds it at the end. */
export function fakeReportedRun(options: FakeRunOptions = {}): Run & { report: NonNullable<Run['report']> } {
  const run = fakeRun(options);
  return { ...run, report: makeReport(run, fakeSamples(run)) };
}
