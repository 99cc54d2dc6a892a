/** Every rung of the ladder of isolation, and how each is made. A new way to run an image is one entry here. */
import type { Readable } from 'node:stream';
import type { Check } from '../../contract/machine';
import type { Failure } from '../../contract/failures';
import { variantOf } from '../../contract/levers';
import type { TargetId } from '../../contract/plan';
import { TareError } from '../errors';
import type { Kit } from '../guest/kit';
import { ensureSystem } from '../guest/system';
import type { DockerClient } from '../docker/client';
import { createContainerTarget } from './docker/target';
import { createProcessTarget, namespaceObstacle } from './process/target';
import { createDirectTarget, createMicroTarget } from './qemu/booted';
import { createFullTarget, systemObstacle } from './qemu/full';
import { createSnapshotTarget } from './qemu/snapshot';
import { kernelObstacle } from './qemu/systems';
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

export interface Rung {
  id: TargetId;
  /** the doctor's checks that it cannot do without */
  needs: Check['name'][];
  /** why it cannot be used here although those are well */
  obstacle?(cacheFolder: string, signal: AbortSignal): Promise<Failure | undefined>;
  /** @param id  with levers, where the rung has any */
  open(tools: Tools, scope: RunScope, id: TargetId): Promise<Target>;
}

const vmNeeds: Check['name'][] = ['docker', 'qemu', 'disk-tools', 'kit', 'accelerator'];

/** Lightest first: the order of reports. */
export const rungs: Rung[] = [
  {
    id: 'process',
    needs: ['docker', 'kit'],
    obstacle: (_, signal) => namespaceObstacle(signal),
    open: (tools) => Promise.resolve(createProcessTarget({ ...tools, kit: tools.ensureKit })),
  },
  {
    id: 'container',
    needs: ['docker'],
    async open(tools, { signal }) {
      const { docker } = await tools.docker(signal);
      return createContainerTarget({ docker });
    },
  },
  {
    id: 'vm:snapshot',
    needs: vmNeeds,
    obstacle: (cacheFolder) => kernelObstacle(cacheFolder), // what is saved is a machine of vm:micro
    async open(tools, scope) {
      await tools.ensureKit(scope);
      return createSnapshotTarget(tools);
    },
  },
  {
    id: 'vm:micro',
    needs: vmNeeds,
    obstacle: (cacheFolder) => kernelObstacle(cacheFolder),
    async open(tools, scope, id) {
      await tools.ensureKit(scope);
      return createMicroTarget(tools, id);
    },
  },
  {
    id: 'vm:direct',
    needs: vmNeeds,
    async open(tools, scope, id) {
      await tools.ensureKit(scope);
      return createDirectTarget(tools, id);
    },
  },
  {
    id: 'vm:full',
    needs: vmNeeds,
    obstacle: (cacheFolder) => systemObstacle(cacheFolder),
    async open(tools, scope) {
      await tools.ensureKit(scope);
      await ensureSystem({ cacheFolder: tools.cacheFolder, ...scope });
      return createFullTarget(tools);
    },
  },
];

/**
 * Opens a target. `container:NAME` is any runtime that the container engine offers.
 * @throws {TareError} `target-unknown`
 */
export async function openTarget(id: TargetId, tools: Tools, scope: RunScope): Promise<Target> {
  const rung = rungs.find((one) => one.id === variantOf(id).rung);
  if (rung) return rung.open(tools, scope, id);
  const runtime = /^container:(.+)$/.exec(id)?.[1];
  if (!runtime)
    throw new TareError({ code: 'target-unknown', target: id, known: rungs.map((one) => one.id) });
  const { docker } = await tools.docker(scope.signal);
  return createContainerTarget({ docker, runtime });
}
