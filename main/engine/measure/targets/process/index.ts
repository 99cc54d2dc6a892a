/** The image's files as a plain process of the host. */
import type { BaseTarget } from '../../../../contract/targets';
import type { Launcher } from '../launcher';
import { createProcessTarget, needNamespaces } from './target';

export const launchers = {
  process: {
    check: (_, signal) => needNamespaces(signal),
    open: (tools) => Promise.resolve(createProcessTarget(tools)),
  },
} satisfies Partial<Record<BaseTarget, Launcher>>;
