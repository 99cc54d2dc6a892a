import { expect, test } from 'vitest';
import type { DockerClient } from '../../../../../main/engine/base/docker/client';
import { imagesOf } from '../../../../../main/engine/measure/run/images';
import type { ReadyWorkload } from '../../../../../main/engine/images/image/facts';

interface Known {
  layers: string[];
  /** oldest first; one per layer */
  sizes: number[];
}

/** An engine that has these images, by digest. */
function engineWith(
  images: Record<string, Known>,
  store: DockerClient['store'] = 'graphdriver',
): DockerClient {
  const engine = {
    listImages: () => Promise.resolve(Object.keys(images).map((Id) => ({ Id }))),
    listContainers: () => Promise.resolve([]),
    getImage: (id: string) => ({
      inspect: () =>
        Promise.resolve({
          RepoTags: [],
          Size: 123_456, // another thing on every store
          RootFS: { Layers: images[id]!.layers },
        }),
      history: () =>
        Promise.resolve(images[id]!.sizes.map((Size) => ({ CreatedBy: 'COPY', Created: 1, Size })).reverse()),
    }),
  };
  return { docker: engine, store } as unknown as DockerClient;
}

/** All that is looked at. */
const ready = (digest: string, more: { approximate?: true } = {}) =>
  new Map([
    ['web', { image: { reference: 'web:1', digest, fingerprint: 'f', bytes: 30, ...more } } as ReadyWorkload],
  ]);

test('an image’s layers are told, and how much of it others have too', async () => {
  const engine = engineWith({
    'sha256:1': { layers: ['base', 'app'], sizes: [20, 10] },
    'sha256:2': { layers: ['base', 'other'], sizes: [20, 5] },
  });
  expect(await imagesOf(ready('sha256:1'), engine, '/nowhere')).toEqual({
    images: [
      {
        ...{ workload: 'web', reference: 'web:1', digest: 'sha256:1', fingerprint: 'f' },
        ...{ bytes: 30, layers: 2, sharedBytes: 20 },
      },
    ],
    missing: [],
  });
});

test('an image that stands alone shares nothing', async () => {
  const engine = engineWith({ 'sha256:1': { layers: ['base', 'app'], sizes: [20, 10] } });
  expect((await imagesOf(ready('sha256:1'), engine, '/nowhere')).images).toMatchObject([{ sharedBytes: 0 }]);
});

test('shared layers of unknown size are missing, not 0', async () => {
  const engine = engineWith({
    'sha256:1': { layers: ['base', 'app'], sizes: [30] }, // a history that does not tell which entry made which layer
    'sha256:2': { layers: ['base'], sizes: [20] },
  });
  const { images, missing } = await imagesOf(ready('sha256:1'), engine, '/nowhere');
  expect(images[0]).not.toHaveProperty('sharedBytes');
  expect(missing).toEqual([{ what: 'images.web.sharedBytes', reason: 'ENODATA' }]);
});

test('an engine that refuses to list its images leaves those figures out', async () => {
  const refusal = Object.assign(new Error('no'), { statusCode: 500, reason: 'server error' });
  const engine = { listImages: () => Promise.reject(refusal), listContainers: () => Promise.resolve([]) };
  const client = { docker: engine, store: 'graphdriver' } as unknown as DockerClient;
  const { images, missing } = await imagesOf(ready('sha256:1'), client, '/nowhere');
  expect(images).toEqual([
    { workload: 'web', reference: 'web:1', digest: 'sha256:1', fingerprint: 'f', bytes: 30 },
  ]);
  expect(missing.map(({ what }) => what)).toEqual(['images']);
});

test('sizes that are only about right are named among what is missing, and nothing is said to be shared', async () => {
  const layers = { layers: ['base'], sizes: [30] };
  const engine = engineWith({ 'sha256:1': layers, 'sha256:2': layers }, 'containerd');
  const { images, missing } = await imagesOf(ready('sha256:1', { approximate: true }), engine, '/nowhere');
  expect(images[0]).not.toHaveProperty('sharedBytes');
  expect(missing.map(({ what }) => what)).toEqual(['images.web.sharedBytes', 'images.web.bytes']);
});
