import type { LocalImage } from '../../../main/contract/work/images';
import { emptyWorkload, type PlanDraft } from '../compare/planDraft';

/** `own`: no other image here stands on it · `unknown`: layers of both kinds whose sizes the engine does not tell apart */
export type Ownership = 'own' | 'shared' | 'unknown';

/** A stretch of an image's bar: one layer, or all those whose size is not known by itself. */
export interface Segment {
  ownership: Ownership;
  bytes: number;
  /** positions in the image, from 0 at the bottom */
  layers: number[];
}

export const ownershipOf = ({ sharedWith }: { sharedWith: number }): Ownership =>
  sharedWith > 0 ? 'shared' : 'own';

/** An image's bar, from its lowest layer up. Layers without bytes are not part of it. */
export function layerSegments({ bytes, layers }: Pick<LocalImage, 'bytes' | 'layers'>): Segment[] {
  const known = layers.flatMap((layer, at): Segment[] =>
    layer.bytes ? [{ ownership: ownershipOf(layer), bytes: layer.bytes, layers: [at] }] : [],
  );
  const others = layers.flatMap((layer, at) => (layer.bytes === undefined ? [at] : []));
  const rest = bytes - known.reduce((sum, segment) => sum + segment.bytes, 0);
  if (others.length === 0 || rest <= 0) return known;
  const kinds = new Set(others.map((at) => ownershipOf(layers[at]!)));
  const ownership = kinds.size === 1 ? [...kinds][0]! : 'unknown';
  return [...known, { ownership, bytes: rest, layers: others }];
}

/** Undefined where it is not known which bytes are its own. */
export const sharedBytes = ({ bytes, uniqueBytes }: LocalImage): number | undefined =>
  uniqueBytes === undefined ? undefined : Math.max(0, bytes - uniqueBytes);

export const diskBytes = ({ disks }: LocalImage): number => disks.reduce((sum, { bytes }) => sum + bytes, 0);

/** What all images take together: a layer counts once for each place it has in a stack. Undefined where a layer's size is not known. */
export function togetherBytes(images: readonly LocalImage[]): number | undefined {
  const kept = new Map<string, number | undefined>();
  for (const { layers } of images) {
    let stack = '';
    for (const { diffId, bytes } of layers) kept.set((stack += ` ${diffId}`), bytes);
  }
  let sum = 0;
  for (const bytes of kept.values()) {
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}

export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

/** The classic builder names what it copied by a checksum: its beginning is enough to tell two apart. */
export const shortInstruction = (instruction: string): string =>
  instruction.replace(/\b((?:file|dir|multi):[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');

/** What an image is called in a sentence. */
export const imageTitle = ({ references, digest }: LocalImage): string =>
  references[0] ?? shortDigest(digest);

/** Docker writes the year 1 where an image does not say when it was made. */
export const createdAt = ({ createdAt }: LocalImage): string | undefined =>
  createdAt?.startsWith('0001-') ? undefined : createdAt;

/** Tare makes such an image again when a run needs it. */
export const isMadeByTare = ({ references }: LocalImage): boolean =>
  references.length > 0 && references.every((name) => name.startsWith('tare/'));

/** The plan that was typed last, for this image instead: targets and counts stay as they were. */
export const draftForImage = (draft: PlanDraft, reference: string): PlanDraft => ({
  ...draft,
  workloads: [{ ...emptyWorkload(), source: 'local', local: reference }],
  together: false,
});

/** All its layers as a registry keeps them; undefined as long as one is not known. */
export const compressedBytes = ({ layers }: LocalImage): number | undefined =>
  layers.reduce<number | undefined>(
    (sum, { compressedBytes: bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
