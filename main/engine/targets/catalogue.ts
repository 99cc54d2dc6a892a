/** How each target is made and what may stand in its way here; what it is stands in contract/targets.ts. */
import type { Readable } from 'node:stream';
import type { Failure } from '../../contract/failures';
import { baseTargets, describeTarget, type BaseTarget, type TargetId } from '../../contract/targets';
import { TareError } from '../errors';
import type { Kit } from '../guest/kit';
import { ensureSystem } from '../guest/system';
import type { DockerClient } from '../docker/client';
import { createContainerTarget } from './docker/target';
import { createProcessTarget, namespaceObstacle } from './process/target';
import { createDirectTarget, createMicroTarget } from './qemu/kernel/booted';
import { createFullTarget, systemObstacle } from './qemu/full/full';
import { createSnapshotTarget } from './qemu/snapshot/snapshot';
import { kernelObstacle } from './qemu/kernel/systems';
import type { Target } from './target';
import type { ReadyWorkload } from '../image/facts';
import type { RunScope } from '../scope';

/** What targets are made from. */
export interface Tools {
  cacheFolder: string;
  qemuPath?: string;
  accelerator?: string;
  docker: (signal?: AbortSignal) => Promise<DockerClient>;
  /** builds the guest kit unless it is there */
  ensureKit: (scope: RunScope) => Promise<Kit>;
  /** the image's flattened root filesystem as a raw tar stream */
  exportImage: (ready: ReadyWorkload, scope: RunScope) => Promise<Readable>;
}

interface Launcher {
  /** why it cannot be used here although what it needs (see the table) is well */
  obstacle?(cacheFolder: string, signal: AbortSignal): Promise<Failure | undefined>;
  /** @param id  with its runtime or tuning, if any */
  open(tools: Tools, scope: RunScope, id: TargetId): Promise<Target>;
}

/** How each target of the table is made: one that has no launcher does not compile. */
const launchers: Record<BaseTarget, Launcher> = {
  process: {
    obstacle: (_, signal) => namespaceObstacle(signal),
    open: (tools) => Promise.resolve(createProcessTarget({ ...tools, kit: tools.ensureKit })),
  },
  container: {
    async open(tools, { signal }, id) {
      const { docker } = await tools.docker(signal);
      const runtime = describeTarget(id)?.runtime;
      return createContainerTarget({ docker, ...(runtime !== undefined && { runtime }) });
    },
  },
  'vm:snapshot': {
    obstacle: (cacheFolder) => kernelObstacle(cacheFolder), // what is saved is a machine of vm:micro
    async open(tools, scope) {
      await tools.ensureKit(scope);
      return createSnapshotTarget(tools);
    },
  },
  'vm:micro': {
    obstacle: (cacheFolder) => kernelObstacle(cacheFolder),
    async open(tools, scope, id) {
      await tools.ensureKit(scope);
      return createMicroTarget(tools, id);
    },
  },
  'vm:direct': {
    async open(tools, scope, id) {
      await tools.ensureKit(scope);
      return createDirectTarget(tools, id);
    },
  },
  'vm:full': {
    obstacle: (cacheFolder) => systemObstacle(cacheFolder),
    async open(tools, scope) {
      await tools.ensureKit(scope);
      await ensureSystem({ cacheFolder: tools.cacheFolder, ...scope });
      return createFullTarget(tools);
    },
  },
};

/** Why a target cannot be used here although what it needs is well. */
export const obstacleOf = (
  id: BaseTarget,
  cacheFolder: string,
  signal: AbortSignal,
): Promise<Failure | undefined> =>
  launchers[id].obstacle?.(cacheFolder, signal) ?? Promise.resolve(undefined);

/**
 * Opens a target.
 * @throws {TareError} `target-unknown`
 */
export async function openTarget(id: TargetId, tools: Tools, scope: RunScope): Promise<Target> {
  const base = describeTarget(id)?.entry.id;
  if (base === undefined) throw new TareError({ code: 'target-unknown', target: id, known: baseTargets });
  return launchers[base].open(tools, scope, id);
}
