/** Runs of many hosts, made of one real run: each host has a speed, a ratio and a noise of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fleetSchemaVersion, type Fleet, type FleetHost } from '../../../main/contract/fleet/fleet';
import type { Run, Trial } from '../../../main/contract/run/run';
import { kindOf } from '../../../main/contract/targets';
import { readRun } from '../../../main/engine/results/history/upgrade';
import { seededRandom } from '../../../main/engine/results/statistics/random';
import { normalDraw } from '../statistics/normalDraw';

const file = path.resolve(import.meta.dirname, '../../fixtures/runs/three-apps.json');
const text = readFileSync(file, 'utf8');

/** Three applications on containers and on emulated VMs. */
export const recordedRun = (): Run => readRun(text, file);

interface Scaling {
  /** of VMs, on a logarithmic scale: how far hosts' true ratios lie from that of the recorded run */
  spread?: number;
  /** of every figure, from round to round */
  noise?: number;
  /** of VMs: default what it was */
  accelerator?: 'kvm' | 'tcg';
  environment?: Partial<Run['environment']['host']>;
}

/** The recorded run as another host might have made it. The same for the same seed. */
export function runOnHost(
  seed: number,
  { spread = 0.1, noise = 0.02, accelerator = 'tcg', environment }: Scaling = {},
): Run {
  const random = seededRandom(seed);
  const run = recordedRun();
  const drawn = (by: number) => Math.exp(by * normalDraw(random));
  const speed = drawn(0.5);
  const ofVms = { memory: drawn(spread), time: drawn(spread) };
  const scaled = (trial: Trial): Trial => {
    const isVm = kindOf(trial.target) === 'vm';
    const memory = (isVm ? ofVms.memory : 1) * drawn(noise);
    const time = speed * (isVm ? ofVms.time : 1) * drawn(noise);
    return {
      ...trial,
      ...(isVm && { accelerator }),
      phases: trial.phases.map(({ name, atMs }) => ({ name, atMs: atMs * time })),
      ...(trial.readyMs !== undefined && { readyMs: trial.readyMs * time }),
      memory: {
        ...trial.memory,
        ...(trial.memory.hostBytes !== undefined && {
          hostBytes: Math.round(trial.memory.hostBytes * memory),
        }),
        parts: trial.memory.parts.map(({ part, bytes }) => ({ part, bytes: Math.round(bytes * memory) })),
      },
    };
  };
  const { host, qemu } = run.environment;
  return {
    ...run,
    trials: run.trials.map(scaled),
    environment: {
      ...run.environment,
      host: { ...host, ...environment },
      ...(qemu && { qemu: { ...qemu, accelerator } }),
    },
  };
}

export const okHost = (name: string, run: Run): FleetHost => ({
  ...{ name, way: 'ssh', address: `ssh://${name}`, version: '0.1.0', outcome: 'ok' },
  trials: {
    of: run.trials.length,
    failed: run.trials.filter(({ outcome }) => outcome !== 'ok').length,
  },
  ...{ runId: run.id, run },
});

/** A host that gave nothing. */
export const lostHost = (name: string): FleetHost => ({
  ...{ name, way: 'ssh', address: `ssh://${name}`, outcome: 'failed' },
  failure: { code: 'docker-unreachable', tried: [] },
});

export function fleetOf(hosts: FleetHost[], id = '20261126-210000-f1ee'): Fleet {
  return {
    schemaVersion: fleetSchemaVersion,
    ...{ id, startedAt: '2026-11-26T21:00:00.000Z', endedAt: '2026-11-26T21:20:00.000Z' },
    plan: recordedRun().plan,
    hosts,
  };
}
