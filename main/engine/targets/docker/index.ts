/** Containers of the engine's, with its default runtime or another. */
import { describeTarget, type BaseTarget } from '../../../contract/targets';
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
        // the daemons of another machine are no processes of this one
        ...(endpoint.startsWith('unix:') && { engine: name }),
      });
    },
  },
} satisfies Partial<Record<BaseTarget, Launcher>>;
