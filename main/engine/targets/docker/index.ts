/** Containers of the engine's, with its default runtime or another. */
import { describeTarget, type BaseTarget } from '../../../contract/targets';
import type { Launcher } from '../launcher';
import { createContainerTarget } from './target';

export const launchers = {
  container: {
    async open(tools, { signal }, id) {
      const { docker } = await tools.docker(signal);
      const runtime = describeTarget(id)?.runtime;
      return createContainerTarget({ docker, ...(runtime !== undefined && { runtime }) });
    },
  },
} satisfies Partial<Record<BaseTarget, Launcher>>;
