import type Docker from 'dockerode';
import { TargetId } from '../../../../contract/targets';
import { TareError } from '../../../base/errors';
import { withImage } from '../../../images/image/facts';
import type { RunScope } from '../../../base/scope';
import type { Target } from '../target';
import { daemonsCpuMs, engineProcesses } from './helperProcesses';
import { thisMachine, type EnginePlace } from '../../../base/process/hostFiles';
import { runLine, startContainer, type Recipe } from './container';
import { layerFolders } from '../../../images/image/layerFolders';
import { needPlainAccounts } from './accountFiles';
import { openNetwork } from '../../../base/docker/network';
import { informationOf } from '../../../base/docker/information';

/**
 * Runs images as containers.
 * @param given  `runtime` names one of the engine's runtimes; without it the engine's default is used. `engine`: its name, where it is
 *   asked what its daemons spend. `reach` finds out where its containers run; default: on this machine. `aside`: by what the image is looked
 *   at, which is no part of running it; default: `docker`
 */
export function createContainerTarget(given: {
  docker: Docker;
  aside?: Docker;
  runtime?: string;
  engine?: string;
  reach?: (scope: RunScope) => Promise<EnginePlace>;
}): Target {
  const { docker, aside = docker, runtime, engine, reach } = given;
  const id: TargetId = runtime ? `container:${runtime}` : 'container';
  return {
    id,
    async check(signal) {
      signal.throwIfAborted();
      const runtimes = await runtimesOf(docker);
      signal.throwIfAborted();
      if (!runtime || runtimes.includes(runtime)) return;
      const known = ['container', ...runtimes.map((name) => `container:${name}`)];
      throw new TareError({ code: 'target-unknown', target: id, known });
    },
    async prepare(asked, scope) {
      const ready = withImage(id, asked);
      await needPlainAccounts(aside, ready.image.digest, scope);
      const reached = await reach?.(scope);
      const recipe: Recipe = {
        docker,
        ready,
        ...(runtime && { runtime }),
        ...(reached && { engine: reached }),
      };
      // the daemons of another machine are no processes of this one
      const isHere = (reached?.machine ?? thisMachine) === thisMachine;
      const daemons = engine === undefined || !isHere ? undefined : engineProcesses(engine);
      return {
        commandLine: runLine(recipe),
        ...(daemons && 'pids' in daemons && { engineCpuMs: () => daemonsCpuMs(daemons.pids) }),
        start: (limits, mark, scope, network) => startContainer(recipe, limits, mark, scope, network),
        async reads() {
          if (!isHere) throw new TareError({ code: 'not-cold', reason: 'cold-elsewhere' });
          return layerFolders(docker, ready.image.digest);
        },
        openNetwork: (scope) => openNetwork(docker, scope),
      };
    },
  };
}

/**
 * Names of the runtimes that the engine offers: `runc`, `crun`, `runsc`, `kata` …
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
async function runtimesOf(docker: Docker): Promise<string[]> {
  return Object.keys((await informationOf(docker)).Runtimes ?? {});
}

/**
 * The engine's runtimes beside its default one, as targets.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function runtimeTargets(docker: Docker): Promise<TargetId[]> {
  const { Runtimes = {}, DefaultRuntime = 'runc' } = await informationOf(docker);
  // containerd's own name for runc: the same program twice would only look like a difference
  const same = [DefaultRuntime, ...(DefaultRuntime === 'runc' ? ['io.containerd.runc.v2'] : [])];
  const others = Object.keys(Runtimes).filter((name) => !same.includes(name));
  return others.map((name): TargetId => `container:${name}`).filter((id) => TargetId.safeParse(id).success);
}
