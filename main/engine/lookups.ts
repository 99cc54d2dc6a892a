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
import type { Workshop } from './targets/target';
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

/** @param workshop  opened by what needs one */
type Work<T> = (signal: AbortSignal, workshop: () => Workshop) => Promise<T>;

/** @param underWay  the run that is being measured: nothing may disturb it */
export function lookups(
  resources: Resources,
  jobs: Jobs,
  underWay: () => RunId | undefined,
  emit: (event: TareEvent) => void,
): Lookups {
  /** Work that takes processors, disk and network: never beside a run, which it would spoil. */
  const alone = async <T>(name: keyof Lookups, work: Work<T>): Promise<T> => {
    const id = underWay();
    if (id !== undefined) throw new TareError({ code: 'run-under-way', id });
    return asked(name, work);
  };
  const asked = <T>(name: keyof Lookups, work: Work<T>): Promise<T> =>
    jobs.run(name, (signal) => work(signal, () => resources.workshop(signal, { call: name })));
  const engine = async (signal?: AbortSignal) => (await resources.docker(signal)).docker;
  const { cacheFolder } = resources;
  return {
    isolation: (order) =>
      alone('isolation', async (_, workshop) => lookIntoIsolation(order, resources, workshop())),
    images: async () => localImages(await engine(), cacheFolder),
    pullImage: ({ reference }) =>
      alone('pullImage', async (signal, workshop) => pull(await engine(signal), reference, workshop())),
    pushImage: ({ reference }) =>
      alone('pushImage', async (signal, workshop) => push(await engine(signal), reference, workshop())),
    buildImage: ({ path, tag }) =>
      alone('buildImage', async (signal, workshop) => build(await engine(signal), path, tag, workshop())),
    buildKit: ({ kernel }) =>
      alone('buildKit', async (_, workshop) => resources.buildKit(kernel, workshop())),
    guestParts: () => guestParts(cacheFolder),
    cache: () => weighCache(cacheFolder, resources.cacheBytes()),
    removeImage: ({ reference, dryRun }) =>
      alone('removeImage', async (signal) =>
        removeImage(await engine(signal), cacheFolder, reference, dryRun),
      ),
    workflow: (order) =>
      alone('workflow', async (_, workshop) => followWorkflow(order, resources, workshop(), emit)),
    stopJob: ({ call }) => jobs.stop(call),
    buildFolder: ({ path }) => readBuildFolder(path, resources),
    saveBuildFolder: (given) =>
      asked('saveBuildFolder', async (_, workshop) => saveBuildFolder(given, resources, workshop())),
  };
}
