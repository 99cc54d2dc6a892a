import type { FoundImage } from '../../../contract/work/images';
import type { DockerClient } from '../../base/docker/client';
import { fingerprintOf } from './fingerprint';
import { inspect } from './image';

/**
 * What the engine has under a name, without asking a registry.
 * @throws {TareError} `image-unknown` for what is no name · `docker-refused` · `docker-unreachable`
 */
export async function findImage(
  { docker, os, architecture }: DockerClient,
  reference: string,
): Promise<FoundImage> {
  const found = await inspect(docker, reference);
  return { ...(found && { fingerprint: fingerprintOf(found) }), os, architecture };
}
