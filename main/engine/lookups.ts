/** What a door may ask beside runs: it starts things of its own, so it waits its turn and ends with the engine. */
import type { TareEvent } from '../contract/events';
import type { RunId } from '../contract/run';
import type { Engine } from './engine';
import { TareError } from './errors';
import { weighCache } from './image/cache';
import { guestParts } from './image/guestParts';
import { localImages, removeImage } from './image/library';
import { build, pull, push } from './image/shelf';
import { lookIntoIsolation } from './isolation/isolation';
import type { Jobs } from './jobs';
import type { Resources } from './resources';
import { readBuildFolder, saveBuildFolder } from './workflow/starter';
import { followWorkflow } from './workflow/workflow';

type Lookups = Pick<
  Engine,
  | 'isolation'
  | 'images'
  | 'pullImage'
  | 'pushImage'
  | 'buildImage'
  | 'removeImage'
  | 'workflow'
  | 'stopJob'
  | 'buildFolder'
  | 'saveBuildFolder'
  | 'buildKit'
  | 'guestParts'
  | 'cache'
>;

/** @param underWay  the run that is being measured: nothing may disturb it */
export function lookups(
  resources: Resources,
  jobs: Jobs,
  underWay: () => RunId | undefined,
  emit: (event: TareEvent) => void,
): Lookups {
  /** Work that takes processors, disk and network: never beside a run, which it would spoil. */
  const alone = async <T>(name: keyof Lookups, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const id = underWay();
    if (id !== undefined) throw new TareError({ code: 'run-under-way', id });
    return jobs.run(name, work);
  };
  const engine = async (signal?: AbortSignal) => (await resources.docker(signal)).docker;
  const { cacheFolder } = resources;
  return {
    isolation: (order) =>
      alone('isolation', (signal) => lookIntoIsolation(order, resources, resources.workshop(signal))),
    images: async () => localImages(await engine(), cacheFolder),
    pullImage: ({ reference }) =>
      alone('pullImage', async (signal) => pull(await engine(signal), reference, resources.workshop(signal))),
    pushImage: ({ reference }) =>
      alone('pushImage', async (signal) => push(await engine(signal), reference, resources.workshop(signal))),
    buildImage: ({ path, tag }) =>
      alone('buildImage', async (signal) =>
        build(await engine(signal), path, tag, resources.workshop(signal)),
      ),
    buildKit: ({ kernel }) => alone('buildKit', (signal) => resources.buildKit(kernel, signal)),
    guestParts: () => guestParts(cacheFolder),
    cache: () => weighCache(cacheFolder, resources.cacheBytes()),
    removeImage: ({ reference, dryRun }) =>
      alone('removeImage', async (signal) =>
        removeImage(await engine(signal), cacheFolder, reference, dryRun),
      ),
    workflow: (order) =>
      alone('workflow', (signal) => followWorkflow(order, resources, resources.workshop(signal), emit)),
    stopJob: ({ call }) => jobs.stop(call),
    buildFolder: ({ path }) => readBuildFolder(path, resources),
    saveBuildFolder: (given) =>
      jobs.run('saveBuildFolder', (signal) => saveBuildFolder(given, resources, resources.workshop(signal))),
  };
}
