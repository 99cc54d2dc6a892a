import type Docker from 'dockerode';
import { refusal, statusOf } from '../../base/docker/refusal';

/**
 * The digest of an image that is here; undefined when there is none of that name.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function digestOf(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal('inspect image', error);
  }
}
