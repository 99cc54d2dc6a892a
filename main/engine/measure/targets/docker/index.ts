/** Containers of the engine's, with its default runtime or another. */
import { describeTarget, type BaseTarget } from '../../../../contract/targets';
import type { Launcher } from '../launcher';
import { createContainerTarget } from './target';

export const launchers = {
  container: {
    async open(tools, { signal }, id) {
      const { docker, name, endpoint } = await tools.docker(signal);
      const runtime = describeTarget(id)?.runtime;
      return createContainerTarget({
        docker,
        ...(runtime !== undefined && { runtime }),
        ...(endpoint.startsWith('unix:') && { engine: name }),
        reach: tools.reachEngine,
      });
    },
  },
} satisfies Partial<Record<BaseTarget, Launcher>>;
