/** What the VM tests share: a target over the shared cache, a scope, and the proof that nothing is left. */
import { existsSync, readdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { Workload, type Probe } from '../../main/contract/plan';
import type { Privileges } from '../../main/contract/privileges';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { processes } from '../../main/engine/base/process/proc';
import { tuningOf, type TargetId } from '../../main/contract/targets';
import type { VmOptions } from '../../main/engine/measure/targets/qemu/design';
import * as fullSystem from '../../main/engine/measure/targets/qemu/full/full';
import * as kernel from '../../main/engine/measure/targets/qemu/kernel/design';
import { tuned } from '../../main/engine/measure/targets/qemu/kernel/tuning';
import type { SavedMemory } from '../../main/engine/measure/targets/qemu/snapshot/store';
import * as saved from '../../main/engine/measure/targets/qemu/snapshot/snapshot';
import { createVmTarget } from '../../main/engine/measure/targets/qemu/target';
import type { Instance, Target } from '../../main/engine/measure/targets/target';
import type { ImageFacts, ReadyWorkload } from '../../main/engine/images/image/facts';
import type { RunScope } from '../../main/engine/base/scope';
import { freePort } from '../../main/engine/base/process/ports';
import { sharedCache } from '../support/cache';
import { exported, factsOf } from '../support/images';
import { patience } from '../support/patience';

export const mebibyte = 1024 * 1024;

const options: VmOptions = {
  cacheFolder: sharedCache(),
  exportImage: ({ image }) => exported(image.reference),
};
/** @param changes  instead of the usual options */
export const target = (changes: Partial<VmOptions> = {}) =>
  createVmTarget('vm:direct', kernel.kernelVm(kernel.direct), { ...options, ...changes });
export const micro = (changes: Partial<VmOptions> = {}) =>
  createVmTarget('vm:micro', kernel.kernelVm(kernel.micro), { ...options, ...changes });
/** A tuned target, by its name. */
export const variant = (id: TargetId) => {
  const base = id.startsWith('vm:direct') ? kernel.direct : kernel.micro;
  return createVmTarget(id, kernel.kernelVm(tuned(base, tuningOf(id))), options);
};
/**
 * @param memory   how a resumed machine comes to it
 * @param changes  instead of the usual options
 */
export const snapshot = (memory?: SavedMemory, changes: Partial<VmOptions> = {}) =>
  createVmTarget('vm:snapshot', saved.snapshotVm(memory), { ...options, ...changes });
export const full = () => createVmTarget('vm:full', fullSystem.full, options);

export interface TestScope extends RunScope {
  /** proves that nothing of this session is left: no process, no entry of the ledger, no half-made file */
  close(): void;
}

const folders: string[] = [];
// also of a test that failed, and so never came to close its own
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function openScope(signal = new AbortController().signal, ports = freePort): TestScope {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ledger-'));
  folders.push(folder);
  const ledger: Ledger = openLedger(folder);
  return {
    ledger,
    signal,
    progress: () => undefined,
    freePort: ports,
    known: new Map(),
    close() {
      const mine = `tare-${ledger.session}`;
      expect(processes().filter(({ words }) => words.some((word) => word.includes(mine)))).toEqual([]);
      for (const place of ['disks', 'initrds', 'snapshots', '.']) {
        const folder = path.join(sharedCache(), place);
        const names = existsSync(folder) ? readdirSync(folder) : [];
        expect(names.filter((name) => name.includes(mine))).toEqual([]);
      }
      ledger.close();
      expect(readdirSync(folder), 'the ledger has open entries').toEqual([]);
    },
  };
}

export async function ready(
  reference: string,
  changes: Partial<ImageFacts> = {},
  probe: Probe = { kind: 'http', path: '/' },
  openings?: Privileges,
): Promise<ReadyWorkload> {
  const workload = Workload.parse({
    name: 'app',
    image: { kind: 'reference', reference },
    limits: { memoryBytes: 256 * mebibyte },
    probe,
    ...(openings && { openings }),
  });
  return { workload: { ...workload, environment: {} }, image: await factsOf(reference, changes) };
}

export interface Started {
  instance: Instance;
  phases: { name: string; atMs: number }[];
}

/** Prepares and starts; the caller ends the instance. */
export async function start(
  workload: ReadyWorkload,
  scope: RunScope,
  memoryBytes = workload.workload.limits.memoryBytes,
  on: Target = target(),
  cpus = 1,
): Promise<Started> {
  const prepared = await on.prepare(workload, scope);
  const startedAtMs = performance.now();
  const phases: Started['phases'] = [];
  const mark = (name: string, atMs = performance.now()) => phases.push({ name, atMs: atMs - startedAtMs });
  const instance = await prepared.start({ memoryBytes, cpus }, mark, scope);
  return { instance, phases };
}

/** Polls until the application answers, as its own tests do not care how long it takes. */
export async function page(
  instance: Pick<Instance, 'host' | 'port'>,
  at = '/',
  patienceMs = patience.timeout,
): Promise<{ status: number; body: string }> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      const answer = await fetch(`http://${instance.host}:${instance.port}${at}`, {
        signal: AbortSignal.timeout(1000),
      });
      return { status: answer.status, body: await answer.text() };
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Runs a command to its end in a guest of its own and answers with how it ended and what it printed. */
export async function runIn(
  reference: string,
  changes: Partial<ImageFacts>,
  memoryBytes?: number,
  { on, cpus, openings }: { on?: Target; cpus?: number; openings?: Privileges } = {},
) {
  const scope = openScope();
  const workload = await ready(reference, changes, undefined, openings);
  const { instance } = await start(workload, scope, memoryBytes, on, cpus);
  const ending = await instance.ended;
  await instance[Symbol.asyncDispose]();
  scope.close();
  return ending;
}
