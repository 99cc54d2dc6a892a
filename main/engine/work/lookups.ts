/** What a door may ask beside runs: it starts things of its own, so it waits its turn and ends with the engine. */
import type { CallName } from '../../contract/calls';
import type { TareEvent } from '../../contract/events';
import type { JobCall } from '../../contract/work';
import type { RunId } from '../../contract/run/run';
import type { Engine } from '../engine';
import { TareError } from '../errors';
import { weighCache } from '../disk/cache';
import { guestParts } from '../guest/guestParts';
import { localImages, removeImage } from '../image/library';
import type { JobRecords } from './records';
import type { Jobs } from './jobs';
import { longerCalls } from './longerCalls';
import type { Resources } from '../resources';
import type { RunScope } from '../scope';
import { readBuildFolder, saveBuildFolder } from '../workflow/starter';

type Lookups = Pick<
  Engine,
  | JobCall
  | 'startJob'
  | 'jobs'
  | 'stopJob'
  | 'images'
  | 'removeImage'
  | 'buildFolder'
  | 'saveBuildFolder'
  | 'guestParts'
  | 'cache'
>;

/** @param scope  opened by what needs one */
type Work<T> = (signal: AbortSignal, scope: () => RunScope) => Promise<T>;

/** @param underWay  the run that is being measured: nothing may disturb it */
export function lookups(
  resources: Resources,
  jobs: Jobs,
  records: JobRecords,
  underWay: () => RunId | undefined,
  emit: (event: TareEvent) => void,
): Lookups {
  /** Work that takes processors, disk and network: never beside a run, which it would spoil. */
  const refuseBesideRun = () => {
    const id = underWay();
    if (id !== undefined) throw new TareError({ code: 'run-under-way', id });
  };
  const asked = <T>(name: CallName, work: Work<T>): Promise<T> =>
    jobs.run(name, (signal) => work(signal, () => resources.scope(signal)));
  const engine = async (signal?: AbortSignal) => (await resources.docker(signal)).docker;
  const { cacheFolder } = resources;
  return {
    ...longerCalls(resources, jobs, records, refuseBesideRun, emit),
    images: async () => localImages(await engine(), cacheFolder),
    guestParts: () => guestParts(cacheFolder),
    cache: () => weighCache(cacheFolder, resources.cacheBytes()),
    async removeImage({ reference, dryRun }) {
      refuseBesideRun();
      return asked('removeImage', async (signal) =>
        removeImage(await engine(signal), cacheFolder, reference, dryRun),
      );
    },
    buildFolder: ({ path }) => readBuildFolder(path, resources),
    saveBuildFolder: (given) =>
      asked('saveBuildFolder', async (_, scope) => saveBuildFolder(given, resources, scope())),
  };
}
