/** What a door may ask of the images that are here. */
import type { Engine } from './engine';
import { findImage } from './image/find';
import { localImages, removeImage } from './image/library';
import type { Resources } from './resources';
import type { Work } from './work/work';

export function imageCalls(
  resources: Resources,
  work: Work,
): Pick<Engine, 'images' | 'findImage' | 'removeImage'> {
  const { cacheFolder } = resources;
  const engine = (signal?: AbortSignal) => resources.docker(signal);
  return {
    images: async () => localImages(await engine(), cacheFolder),
    findImage: async ({ reference }) => findImage(await engine(), reference),
    async removeImage({ reference, dryRun }) {
      work.refuseBesideRun();
      return work.during('removeImage', async (signal) =>
        removeImage(await engine(signal), cacheFolder, reference, dryRun),
      );
    },
  };
}
