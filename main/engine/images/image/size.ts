/** How large an image is, unpacked: the same figure for the same image, whatever keeps it. */
import type { DockerClient } from '../../base/docker/client';
import { asking } from '../../base/docker/refusal';
import type { HistoryLine } from './history';
import { countLayers, type CountOrder } from './layers';

export interface Unpacked {
  /** of the files in all layers */
  bytes: number;
  /**
   * it is not quite that: containerd's store tells the blocks that the layers take on its disk, Podman how long their archives are,
   * each some percent more, and many times as much where files are small
   */
  approximate?: true;
}

const total = (history: readonly HistoryLine[]): number => history.reduce((sum, { Size }) => sum + Size, 0);

/** What the engine's history of an image amounts to. `Size` of an image is another thing on every store, and is not looked at. */
export function toldSize(store: DockerClient['store'], history: readonly HistoryLine[]): Unpacked {
  return { bytes: total(history), ...(store !== 'graphdriver' && { approximate: true as const }) };
}

/**
 * Asks the engine, and counts the files in what it sends of the image where it does not know; once per image.
 * @throws {TareError} as {@link countLayers}
 */
export async function unpackedSize(
  { store }: Pick<DockerClient, 'store'>,
  order: CountOrder,
): Promise<Unpacked> {
  if (store !== 'graphdriver') {
    const layers = await countLayers(order);
    if (layers.every(({ bytes }) => bytes !== undefined))
      return { bytes: layers.reduce((sum, { bytes = 0 }) => sum + bytes, 0) };
  }
  // @types/dockerode declares the answer as any.
  const history = order.docker.getImage(order.digest).history() as Promise<HistoryLine[]>;
  return toldSize(store, await asking('image history', history));
}
