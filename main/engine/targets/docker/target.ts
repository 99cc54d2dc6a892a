import type Docker from 'dockerode';
import type { TargetId } from '../../../contract/plan';
import { toFailure } from '../../errors';
import type { Target } from '../target';
import { runLine, startContainer, type Recipe } from './container';
import { asking } from './refusal';

/**
 * Runs images as containers.
 * @param given  `runtime` names one of the engine's runtimes; without it the engine's default is used
 */
export function createContainerTarget(given: { docker: Docker; runtime?: string }): Target {
  const { docker, runtime } = given;
  const id: TargetId = runtime ? `container:${runtime}` : 'container';
  return {
    id,
    async unavailable(signal) {
      try {
        signal.throwIfAborted();
        const runtimes = await runtimesOf(docker);
        if (!runtime || runtimes.includes(runtime)) return undefined;
        const known = ['container', ...runtimes.map((name) => `container:${name}`)];
        return { code: 'target-unknown', target: id, known };
      } catch (error) {
        signal.throwIfAborted();
        return toFailure(error);
      }
    },
    prepare(ready) {
      const recipe: Recipe = { docker, ready, ...(runtime && { runtime }) };
      return Promise.resolve({
        commandLine: runLine(recipe),
        start: (limits, mark, workshop) => startContainer(recipe, limits, mark, workshop),
      });
    },
  };
}

/**
 * Names of the runtimes that the engine offers: `runc`, `crun`, `runsc`, `kata` …
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
async function runtimesOf(docker: Docker): Promise<string[]> {
  const info = (await asking('info', docker.info())) as { Runtimes?: Record<string, object> };
  return Object.keys(info.Runtimes ?? {});
}
