import type { Plan } from '../../contract/plan';
import type { Environment } from '../../contract/run/run';
import { needsOf } from '../../contract/targets';
import { tareVersion, type Resources } from '../resources';
import { engineEnvironment } from '../targets/docker/engineFacts';
import { emulatorFacts } from '../targets/qemu/emulator';
import type { ReadyWorkload } from '../image/facts';
import type { RunScope } from '../scope';
import { hostConditions } from './conditions';
import { engineMachineFacts } from './engineMachine';
import { imagesOf } from './images';
import type { PreparedPair } from './preparation';

/** What a run's numbers were taken on: host, engine, QEMU, images by digest, and what exactly was run. */
export async function environmentOf(
  plan: Plan,
  pairs: PreparedPair[],
  ready: Map<string, ReadyWorkload>,
  resources: Resources,
  scope: RunScope,
): Promise<Environment> {
  const usesEmulator = plan.targets.some((target) => needsOf(target).includes('qemu'));
  const client = await resources.docker(scope.signal);
  const machine = await resources.engineMachine(scope);
  const [{ host, missing }, docker, there, { images, missing: ofImages }, qemu] = await Promise.all([
    hostConditions(),
    engineEnvironment(client, machine),
    engineMachineFacts(machine, client.endpoint),
    imagesOf(ready, client, resources.cacheFolder),
    usesEmulator ? resources.emulator(scope.signal).then(emulatorFacts) : undefined,
  ]);
  return {
    tareVersion,
    host,
    engine: { ...docker.engine, ...there },
    ...(qemu && { qemu }),
    images,
    commands: pairs.map(({ workload, target, prepared }) => ({
      workload,
      target,
      line: prepared.commandLine,
    })),
    missing: [...missing, ...docker.missing, ...ofImages],
  };
}
