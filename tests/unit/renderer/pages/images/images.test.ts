import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { layerShare, type LayerProgress, type LocalImage } from '../../../../../main/contract/work/images';
import {
  compressedBytes,
  createdAt,
  draftForImage,
  imageTitle,
  isMadeByTare,
  layerSegments,
  sharedBytes,
  shortInstruction,
  togetherBytes,
} from '../../../../../renderer/pages/images/images';
import { emptyDraft, emptyWorkload, readDraft } from '../../../../../renderer/pages/compare/planDraft';

/** Layers as `NAME: bytes shared-with`; no bytes where the engine does not say. */
const image = (
  layers: [name: string, bytes: number | undefined, sharedWith: number][],
  more: Partial<LocalImage> = {},
): LocalImage => ({
  digest: `sha256:${'ab'.repeat(32)}`,
  references: ['shop:1'],
  bytes: layers.reduce((sum, [, bytes = 0]) => sum + bytes, 0),
  layers: layers.map(([diffId, bytes, sharedWith]) => ({
    ...{ diffId, sharedWith },
    ...(bytes !== undefined && { bytes }),
  })),
  history: [],
  disks: [],
  containers: 0,
  ...more,
});

describe('the bar of an image', () => {
  it('has a stretch for each layer that weighs something, from the lowest up', () => {
    const shop = image([
      ['base', 80, 2],
      ['folder', 0, 2],
      ['app', 20, 0],
    ]);
    expect(layerSegments(shop)).toEqual([
      { ownership: 'shared', bytes: 80, layers: [0] },
      { ownership: 'own', bytes: 20, layers: [2] },
    ]);
  });

  it('puts layers of unknown size together, and says whose they are only where all are alike', () => {
    const base: [string, number, number] = ['base', 80, 1];
    const all = { bytes: 100 };
    const rest = (...others: [string, undefined, number][]) =>
      layerSegments(image([base, ...others], all)).at(-1);
    expect(rest(['a', undefined, 0], ['b', undefined, 0])).toEqual({
      ...{ ownership: 'own', bytes: 20, layers: [1, 2] },
    });
    expect(rest(['a', undefined, 3])).toMatchObject({ ownership: 'shared' });
    expect(rest(['a', undefined, 3], ['b', undefined, 0])).toMatchObject({ ownership: 'unknown' });
  });

  it('never weighs more than the image where its layers are known', () => {
    const layer = fc.tuple(fc.string(), fc.option(fc.nat(), { nil: undefined }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(fc.array(layer), fc.nat(), (layers, extra) => {
        const one = image(layers);
        const given = { ...one, bytes: one.bytes + extra };
        const sum = layerSegments(given).reduce((all, { bytes }) => all + bytes, 0);
        expect(sum).toBe(layers.some(([, bytes]) => bytes === undefined) ? given.bytes : one.bytes);
      }),
    );
  });
});

test('what is not an image’s own is shared; where its own is not known, neither is the rest', () => {
  expect(sharedBytes(image([], { bytes: 100, uniqueBytes: 30 }))).toBe(70);
  expect(sharedBytes(image([], { bytes: 100 }))).toBeUndefined();
});

test('how small an image is when it travels is known when it is of every layer', () => {
  const layer = { diffId: 'a', sharedWith: 0 };
  expect(compressedBytes(image([], { layers: [{ ...layer, compressedBytes: 7 }] }))).toBe(7);
  const half = [{ ...layer, compressedBytes: 7 }, layer];
  expect(compressedBytes(image([], { layers: half }))).toBeUndefined();
});

describe('all images together', () => {
  it('keep a layer once for all that have it on top of the same ones', () => {
    const one = image([
      ['base', 80, 1],
      ['app', 20, 0],
    ]);
    const two = image([
      ['base', 80, 1],
      ['app', 20, 0],
      ['more', 5, 0],
    ]);
    const other = image([['app', 20, 0]]); // the same files, but not on the base
    expect(togetherBytes([one, two, other])).toBe(80 + 20 + 5 + 20);
  });

  it('are not added up where a size is missing', () => {
    expect(togetherBytes([image([['base', undefined, 0]])])).toBeUndefined();
  });
});

test('an image is called by its first name, or by the beginning of its digest', () => {
  expect(imageTitle(image([]))).toBe('shop:1');
  expect(imageTitle(image([], { references: [] }))).toBe('abababababab');
});

test('an image is Tare’s only when nobody gave it another name', () => {
  expect(isMadeByTare(image([], { references: ['tare/web:1'] }))).toBe(true);
  expect(isMadeByTare(image([], { references: ['tare/web:1', 'mine:1'] }))).toBe(false);
  expect(isMadeByTare(image([], { references: [] }))).toBe(false);
});

test('the year 1 means that the image does not say when it was made', () => {
  expect(createdAt(image([], { createdAt: '0001-01-01T00:00:00Z' }))).toBeUndefined();
  expect(createdAt(image([], { createdAt: '1970-01-01T00:00:00Z' }))).toBe('1970-01-01T00:00:00Z');
});

test('checksums in instructions are cut, everything else stays', () => {
  expect(shortInstruction(`COPY file:${'0123456789abcdef'.repeat(4)} in /srv`)).toBe(
    'COPY file:0123456789ab… in /srv',
  );
  expect(shortInstruction('RUN echo file:1')).toBe('RUN echo file:1');
});

test('a layer that is pulled counts half when it is fetched; one that is pushed counts whole', () => {
  const layer = (state: LayerProgress['state'], more: Partial<LayerProgress> = {}): LayerProgress => ({
    ...{ id: 'a', state, ofBytes: 100 },
    ...more,
  });
  const unpacking = layer('unpacking', { bytes: 100, unpacked: 0.5 });
  expect(layerShare(unpacking, true)).toBe(0.75);
  expect(layerShare(layer('moving', { bytes: 50 }), true)).toBe(0.25);
  expect(layerShare(layer('moving', { bytes: 50 }), false)).toBe(0.5);
  expect(layerShare({ id: 'a', state: 'moving', bytes: 50 }, false)).toBe(0); // the engine does not say of how much
  expect([layer('waiting'), layer('there'), layer('done')].map((one) => layerShare(one, true))).toEqual([
    0, 1, 1,
  ]);
});

test('an image is weighed with the targets and counts that were typed last', () => {
  const typed = {
    ...emptyDraft(),
    trials: '9',
    together: true,
    workloads: [emptyWorkload(), emptyWorkload()],
  };
  const { plan } = readDraft(draftForImage(typed, 'shop:1'));
  expect(plan).toMatchObject({ trials: 9, arrangement: 'alone' });
  expect(plan!.workloads.map(({ name, image }) => [name, image])).toEqual([
    ['shop', { kind: 'reference', reference: 'shop:1' }],
  ]);
});
