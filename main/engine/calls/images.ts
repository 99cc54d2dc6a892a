/** What a door may ask of the images that are here. */
import type { Engine } from '../engine';
import { findImage } from '../images/image/find';
import { loadImage } from '../images/image/archive';
import { localImages, removeImage } from '../images/image/library';
import type { Resources } from '../measure/resources';
import type { Work } from '../base/work/work';

export function imageCalls(
  resources: Resources,
  work: Work,
): Pick<Engine, 'images' | 'findImage' | 'removeImage' | 'loadImage'> {
  const { cacheFolder } = resources;
  const engine = (signal?: AbortSignal) => resources.docker(signal);
  return {
    images: async () => localImages(await engine(), cacheFolder),
    findImage: async ({ reference }) => findImage(await engine(), reference),
    async loadImage(content) {
      work.refuseBesideRun();
      await work.during('loadImage', async (signal) =>
        loadImage((await engine(signal)).docker, content, signal),
      );
    },
    async removeImage({ reference, dryRun }) {
      work.refuseBesideRun();
      return work.during('removeImage', async (signal) =>
        removeImage(await engine(signal), cacheFolder, reference, dryRun),
      );
    },
  };
}
