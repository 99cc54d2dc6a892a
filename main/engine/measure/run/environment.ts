import { usesEngine, type Plan } from '../../../contract/plan';
import type { Environment } from '../../../contract/run/run';
import { needsOf, type TargetId } from '../../../contract/targets';
import { tareVersion, type Resources } from '../resources';
import { engineEnvironment } from '../targets/docker/engineFacts';
import { emulatorFacts } from '../targets/qemu/emulator';
import type { Ready } from '../../images/image/facts';
import type { RunScope } from '../../base/scope';
import { hostConditions } from './conditions';
import { engineMachineFacts } from './engineMachine';
import { imagesOf } from './images';
import type { Prepared } from '../targets/target';

/** A workload that can be started on a target. */
export interface PreparedPair {
  workload: string;
  target: TargetId;
  prepared: Prepared;
}

/** What a run's numbers were taken on: host, engine, QEMU, images by digest, and what exactly was run. */
export async function environmentOf(
  plan: Plan,
  pairs: PreparedPair[],
  ready: Map<string, Ready>,
  resources: Resources,
  scope: RunScope,
): Promise<Environment> {
  const usesEmulator = plan.targets.some((target) => needsOf(target).includes('qemu'));
  const [{ host, missing }, engine, qemu] = await Promise.all([
    hostConditions(),
    usesEngine(plan) ? engineFacts(ready, resources, scope) : { images: [], missing: [] },
    usesEmulator ? resources.emulator(scope.signal).then(emulatorFacts) : undefined,
  ]);
  const disks = disksOf(pairs);
  return {
    tareVersion,
    host,
    ...engine,
    ...(qemu && { qemu }),
    ...(disks.length > 0 && { disks }),
    commands: pairs.map(({ workload, target, prepared }) => ({
      workload,
      target,
      line: prepared.commandLine,
    })),
    missing: [...missing, ...engine.missing],
  };
}

/** The engine, and what it has of the workloads. */
async function engineFacts(
  ready: Map<string, Ready>,
  resources: Resources,
  scope: RunScope,
): Promise<Pick<Environment, 'engine' | 'images' | 'missing'>> {
  const client = await resources.docker(scope.signal);
  const machine = await resources.engineMachine(scope);
  const [docker, there, { images, missing }] = await Promise.all([
    engineEnvironment(client, machine),
    engineMachineFacts(machine, client.endpoint),
    imagesOf(ready, client, resources.cacheFolder),
  ]);
  return { engine: { ...docker.engine, ...there }, images, missing: [...docker.missing, ...missing] };
}

/** Once per workload, however many targets run it. */
function disksOf(pairs: PreparedPair[]): NonNullable<Environment['disks']> {
  const found = pairs.flatMap(({ workload, prepared: { disk } }) => (disk ? [{ workload, ...disk }] : []));
  return found.filter(({ workload }, at) => found.findIndex((one) => one.workload === workload) === at);
}
