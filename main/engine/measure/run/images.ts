/** What a record says about the images of a run, beside what ran of them. */
import type { LocalImage } from '../../../contract/work/images';
import type { Environment, Missing } from '../../../contract/run/run';
import { TareError, toFailure } from '../../base/errors';
import { localImages } from '../../images/image/library';
import { countLayers } from '../../images/image/layers';
import { steps } from '../../base/steps';
import type { Resources } from '../resources';
import type { Ready } from '../../images/image/facts';
import type { RunScope } from '../../base/scope';

type Image = Environment['images'][number];

/** Bytes in layers that other images here stand on too; undefined when the size of one of them is not known, or only about right. */
function sharedBytes({ layers, approximate }: LocalImage): number | undefined {
  if (approximate) return undefined;
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
 * @param client  its images stand side by side; one that refuses to list them only leaves those figures out
 */
export async function imagesOf(
  ready: Map<string, Ready>,
  client: Parameters<typeof localImages>[0],
  cacheFolder: string,
): Promise<{ images: Image[]; missing: Missing[] }> {
  const missing: Missing[] = [];
  const known = await localImages(client, cacheFolder).catch((error: unknown) => {
    if (!(error instanceof TareError)) throw error;
    const { failure } = error;
    missing.push({ what: 'images', reason: 'reason' in failure ? failure.reason : failure.code });
    return [];
  });
  const images = [...ready].flatMap(([workload, { image }]): Image | [] => {
    if (!image) return [];
    const { reference, digest, fingerprint, bytes, approximate } = image;
    const local = known.find((one) => one.digest === digest);
    const shared = local && sharedBytes(local);
    if (local && shared === undefined)
      missing.push({ what: `images.${workload}.sharedBytes`, reason: 'ENODATA' });
    if (approximate) missing.push({ what: `images.${workload}.bytes`, reason: 'store-tells-blocks' });
    return {
      workload,
      reference,
      digest,
      fingerprint,
      bytes,
      ...(local && { layers: local.layers.length }),
      ...(shared !== undefined && { sharedBytes: shared }),
    };
  });
  return { images, missing };
}

/**
 * Finds out how small each image is when it travels. Done after the trials, as it reads every layer: their files would else be in the
 * page cache before the first start. Never rejects: what cannot be had is missing, with the reason.
 */
export async function weighLayers(
  environment: Environment,
  resources: Pick<Resources, 'docker' | 'cacheFolder'>,
  scope: RunScope,
): Promise<void> {
  const { signal } = scope;
  for (const image of environment.images) {
    const { digest, reference, bytes: ofBytes } = image;
    const step = steps(scope, 'weigh-layers', reference);
    try {
      const { docker } = await resources.docker(signal);
      let read = 0;
      const moved = (bytes: number) => step.moving(Math.min(1, (read += bytes) / ofBytes));
      const { cacheFolder } = resources;
      const layers = await countLayers({ docker, cacheFolder, digest, signal, moved });
      image.compressedBytes = layers.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
    } catch (error) {
      const { code } = toFailure(error);
      environment.missing.push({ what: `images.${image.workload}.compressedBytes`, reason: code });
    }
    step.done();
  }
}
