import type { Plan } from '../../contract/plan';
import type { Environment } from '../../contract/run';
import { tareVersion, type Resources } from '../resources';
import { engineEnvironment } from '../targets/docker/environment';
import type { ReadyWorkload, Workshop } from '../targets/target';
import { hostConditions } from './conditions';
import type { PreparedTurn } from './runner';

/** What a run's numbers were taken on: host, engine, QEMU, images by digest, and what exactly was run. */
export async function environmentOf(
  plan: Plan,
  turns: PreparedTurn[],
  ready: Map<string, ReadyWorkload>,
  resources: Resources,
  workshop: Workshop,
): Promise<Environment> {
  const usesVm = plan.targets.some((target) => target.startsWith('vm:'));
  const client = await resources.docker(workshop.signal);
  const [{ host, missing }, docker, qemu] = await Promise.all([
    hostConditions(),
    engineEnvironment(client),
    usesVm ? resources.direct.conditions(workshop.signal) : undefined,
  ]);
  return {
    tareVersion,
    host,
    engine: docker.engine,
    ...(qemu && { qemu }),
    images: [...ready].map(([workload, { image }]) => ({
      workload,
      reference: image.reference,
      digest: image.digest,
      bytes: image.bytes,
    })),
    commands: turns.map(({ workload, target, prepared }) => ({
      workload,
      target,
      line: prepared.commandLine,
    })),
    missing: [...missing, ...docker.missing],
  };
}
