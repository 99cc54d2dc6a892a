import { sharedCache } from './cache';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Plan, type PlanInput } from '../../main/contract/plan';
import type { Run } from '../../main/contract/run/run';
import type { BaseTarget } from '../../main/contract/targets';
import { createEngine, type Engine } from '../../main/engine/index';
import { freePort } from '../../main/engine/base/process/ports';
import { createResources } from '../../main/engine/measure/resources';
import { openSettings } from '../../main/engine/base/settings/settings';
import type { Instance } from '../../main/engine/measure/targets/target';

const assetsFolder = path.resolve(import.meta.dirname, '../../assets');

/** An engine whose runs and ledger lie in a folder of their own. */
export function testEngine(
  dataFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-data-')),
): Engine & { dataFolder: string } {
  return { ...createEngine({ dataFolder, cacheFolder: sharedCache(), assetsFolder }), dataFolder };
}

/** Executes a plan to its end. */
export async function runToEnd(
  engine: Engine,
  plan: PlanInput,
  asked: { anyway?: boolean } = {},
): Promise<Run> {
  const ended = new Promise<void>((resolve) =>
    engine.onEvent((event) => event.kind === 'run-ended' && resolve()),
  );
  const id = await engine.startRun({ plan: Plan.parse(plan), ...asked });
  await ended;
  return engine.run({ id });
}

export const builtin = (
  name: 'web' | 'api' | 'worker',
  memoryMebibytes = 512,
  environment: Record<string, string> = {},
) => ({
  name,
  image: { kind: 'builtin' as const, name },
  port: 8080,
  limits: { memoryBytes: memoryMebibytes * 1024 ** 2 },
  environment,
});

/**
 * The web application on a port that nobody has, since as a plain process it listens on the computer's own: its usual one where
 * that is free, so that machines saved with it serve the next time too.
 */
export async function webOnFreePort(memoryMebibytes = 256) {
  const usual = builtin('web', memoryMebibytes);
  if (await isFree(usual.port)) return usual;
  const port = await freePort();
  const command = ['/bin/busybox', 'httpd', '-f', '-p', String(port), '-h', '/www'];
  return { ...usual, port, command };
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = net.createServer().on('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });

/** So many instances of one workload, started by the real target; the caller ends them. @param onStarted  told of each at once */
export async function startedInstances(
  workload: PlanInput['workloads'][number],
  count: number,
  target: BaseTarget = 'container',
  onStarted: (instance: Instance) => void = () => undefined,
) {
  const data = mkdtempSync(path.join(os.tmpdir(), 'tare-data-'));
  const settings = openSettings({ dataFolder: data, cacheFolder: sharedCache() });
  const resources = createResources({ assetsFolder }, settings, () => {});
  const scope = resources.scope(new AbortController().signal);
  const plan = Plan.parse({ name: 'several', workloads: [workload], targets: [target], trials: 1 });
  const ready = (await resources.resolve(plan, scope)).values().next().value!;
  const prepared = await (await resources.target(target, scope)).prepare(ready, scope);
  const instances: Instance[] = [];
  const end = async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    resources.close();
    rmSync(data, { recursive: true });
  };
  try {
    for (let n = 0; n < count; n += 1) {
      const instance = await prepared.start(plan.workloads[0]!.limits, () => {}, scope);
      instances.push(instance);
      onStarted(instance);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { instances, end };
}
