/** Who carries a Dockerfile out here. */
import type { Builder } from '../../../../contract/work/building';
import type { DockerClient } from '../../../base/docker/client';
import { engineCommand } from '../../../base/docker/command';
import { TareError } from '../../../base/errors';
import { runProgram } from '../../../base/process/child';

/** Debian's and Docker's own name of what brings `docker buildx`. */
export const buildxPackage = 'docker-buildx';

/** The first that has `--progress=rawjson`. */
const oldestBuildx = [0, 13] as const;

export interface FoundBuilder {
  builder: Builder;
  /** of the program: `docker buildx 0.13.1`, `podman version 5.4.2`; absent for the classic builder, which is the engine's */
  version?: string;
}

/**
 * The best builder that goes with an engine. What Docker's BuildKit needs is the plugin `buildx` of Docker's own command; where it is
 * not, or the engine's program is not, the engine's API builds.
 * @throws AbortError when aborted
 */
export async function findBuilder(
  client: Pick<DockerClient, 'name' | 'endpoint' | 'tls'>,
  signal?: AbortSignal,
): Promise<FoundBuilder> {
  const { program, env } = engineCommand(client);
  const options = { env, ...(signal && { signal }) };
  try {
    if (program === 'podman') {
      return { builder: 'podman', version: await runProgram(program, ['--version'], options) };
    }
    // github.com/docker/buildx v0.13.1 788433953af10f2a698f5c07611dddce2e08c7a0
    const version = /\bv?(\d+)\.(\d+)\S*/.exec(await runProgram(program, ['buildx', 'version'], options));
    if (!version) return { builder: 'classic' };
    const [major, minor] = [Number(version[1]), Number(version[2])];
    const isNew = major > oldestBuildx[0] || (major === oldestBuildx[0] && minor >= oldestBuildx[1]);
    return isNew ? { builder: 'buildkit', version: `docker buildx ${version[0]}` } : { builder: 'classic' };
  } catch (error) {
    if (error instanceof TareError) return { builder: 'classic' };
    throw error;
  }
}
