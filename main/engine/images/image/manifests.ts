/** What containerd's store tells of each manifest of an image, with API 1.47 and later (`?manifests=1`). */

/** As far as it is looked at. Declared experimental by Docker: nothing rests on it that could not be left out. */
export interface ManifestSummary {
  Kind?: string;
  /** whether all of its blobs are here */
  Available?: boolean;
  Size?: { Content?: number };
  ImageData?: {
    Platform?: { os?: string; architecture?: string };
    Size?: { Unpacked?: number };
  };
}

/**
 * Of the manifest that is run here: its blobs as they were received, configuration and manifest with them, and the blocks that the
 * unpacked layers take. Manifests of attestations and of other platforms are not counted.
 */
export function packedHere(
  manifests: readonly ManifestSummary[],
  here: { os: string; architecture: string },
): { packedBytes?: number; unpackedBytes?: number } {
  const own = manifests.find(
    ({ Kind, Available, ImageData }) =>
      Kind === 'image' &&
      Available === true &&
      ImageData?.Platform?.os === here.os &&
      ImageData.Platform.architecture === here.architecture,
  );
  const [packedBytes, unpackedBytes] = [own?.Size?.Content, own?.ImageData?.Size?.Unpacked];
  return {
    ...(packedBytes !== undefined && { packedBytes }),
    ...(unpackedBytes !== undefined && { unpackedBytes }),
  };
}
