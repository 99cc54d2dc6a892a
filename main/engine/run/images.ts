/** What a record says about the images of a run, beside what ran of them. */
import type Docker from 'dockerode';
import type { LocalImage } from '../../contract/images';
import type { Environment, Missing } from '../../contract/run';
import { TareError } from '../errors';
import { localImages } from '../image/library';
import type { ReadyWorkload } from '../targets/target';

type Image = Environment['images'][number];

/** Bytes in layers that other images here stand on too; undefined when the size of one of them is not known. */
function sharedBytes({ layers }: LocalImage): number | undefined {
  let sum = 0;
  for (const { bytes, sharedWith } of layers) {
    if (sharedWith === 0) continue;
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}

/**
 * The images of the workloads, with what the engine's others have in common with them at this moment.
 * @param docker  its images stand side by side; one that refuses to list them only leaves those figures out
 */
export async function imagesOf(
  ready: Map<string, ReadyWorkload>,
  docker: Docker,
  cacheFolder: string,
): Promise<{ images: Image[]; missing: Missing[] }> {
  const missing: Missing[] = [];
  const known = await localImages(docker, cacheFolder).catch((error: unknown) => {
    if (!(error instanceof TareError)) throw error;
    const { failure } = error;
    missing.push({ what: 'images', reason: 'reason' in failure ? failure.reason : failure.code });
    return [];
  });
  const images = [...ready].map(([workload, { image }]): Image => {
    const { reference, digest, bytes } = image;
    const local = known.find((one) => one.digest === digest);
    const shared = local && sharedBytes(local);
    if (local && shared === undefined)
      missing.push({ what: `images.${workload}.sharedBytes`, reason: 'ENODATA' });
    return {
      workload,
      reference,
      digest,
      bytes,
      ...(local && { layers: local.layers.length }),
      ...(shared !== undefined && { sharedBytes: shared }),
    };
  });
  return { images, missing };
}
