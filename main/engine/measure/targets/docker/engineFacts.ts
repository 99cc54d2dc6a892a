import type { Environment, Missing } from '../../../../contract/run/run';
import { engineMemory } from './helperProcesses';
import { thisPlace, type EnginePlace } from '../../../base/process/hostFiles';
import type { DockerClient } from '../../../base/docker/client';
import { informationOf } from '../../../base/docker/information';

/**
 * What a run's record says about the engine, taken while no container of the run is up.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function engineEnvironment(
  client: DockerClient,
  place: EnginePlace = thisPlace,
): Promise<{ engine: NonNullable<Environment['engine']>; missing: Missing[] }> {
  const { docker, name, version, endpoint, apiVersion, store } = client;
  const info = await informationOf(docker);
  const share = await place.machine.look((files) => engineMemory(name, files));
  const facts = {
    apiVersion,
    store,
    runtime: info.DefaultRuntime,
    operatingSystem: info.OperatingSystem,
    storageDriver: info.Driver,
    cgroupDriver: info.CgroupDriver,
    cgroupVersion: Number(info.CgroupVersion) || undefined,
    sharedBytes: 'bytes' in share ? share.bytes : undefined,
  };
  const missing = Object.entries(facts)
    .filter(([, value]) => value === undefined)
    .map(([what]) => ({
      what: `engine.${what}`,
      reason: what === 'sharedBytes' && 'reason' in share ? share.reason : 'ENODATA',
    }));
  if ('instead' in share) {
    missing.push({ what: 'engine.sharedBytes-mappings', reason: share.instead });
  }
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { engine: { name, version, endpoint, ...known }, missing };
}
