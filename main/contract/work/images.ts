import { z } from 'zod';
import type { Builder } from './building';
import type { Problem } from '../messages';

/** An image as a person names it: letters, digits and `._-/:@` only. */
export const Reference = z.string().regex(/^[\w][\w.:/@-]*$/, 'not-a-reference' satisfies Problem);
export type Reference = z.infer<typeof Reference>;

/**
 * `waiting`: not begun · `moving`: on its way · `unpacking`: fetched, being unpacked · `interrupted`: the connection broke, and the
 * engine will go on where it stopped · `done` · `there`: the other side had it already
 */
export type LayerState = 'waiting' | 'moving' | 'unpacking' | 'interrupted' | 'done' | 'there';

export interface LayerProgress {
  /** the beginning of its digest */
  id: string;
  state: LayerState;
  /** moved so far and in all, compressed as it travels; absent while the engine does not say */
  bytes?: number;
  ofBytes?: number;
  /** a pull: how much of it is unpacked, 0 to 1 */
  unpacked?: number;
}

/** How far a pull or push is. */
export interface Transfer {
  layers: LayerProgress[];
  /** moved so far, of all layers */
  bytes: number;
  /** over the last seconds; absent before anything moved */
  bytesPerSecond?: number;
}

/** What a finished pull or push did. */
export interface TransferReport {
  reference: string;
  /** of the image, as the engine names it: `sha256:…` */
  digest: string;
  /** of the manifest, as the registry names it, when it said so */
  manifestDigest?: string;
  layers: number;
  /** layers that the other side had already */
  alreadyThere: number;
  /**
   * what travelled, compressed; but a graph driver counts a push before it compresses. Absent where the engine does not tell it of every
   * layer, as containerd's store of small ones
   */
  movedBytes?: number;
  tookMs: number;
  /** movedBytes over the time in which something moved; absent with it */
  bytesPerSecond?: number;
  /** how often the connection broke and the engine went on where it had stopped */
  resumed: number;
}

/** One instruction of a Dockerfile while it is carried out, and after; of BuildKit also what it does before and after them. */
export interface BuildStep {
  /** BuildKit's vertex: names it among the steps of its build */
  id?: string;
  /** as the builder counts: from 1, of so many; with BuildKit within its stage, and absent for what is no instruction */
  number?: number;
  of?: number;
  /** BuildKit only: the stage that it belongs to, as the Dockerfile or else BuildKit calls it; absent for what is no instruction */
  stage?: string;
  /** BuildKit only: the steps that had to be over before, by their `id` */
  inputs?: string[];
  /** as it stands in the Dockerfile, or as BuildKit calls what is no instruction */
  instruction: string;
  /**
   * `cached`: an earlier build made the same from the same, and its layer is used again. `stopped`: it was still going on when another
   * one failed, or when the build was stopped
   */
  state: 'running' | 'cached' | 'done' | 'failed' | 'stopped';
  /**
   * when it began, after the build was asked for. With BuildKit both times are of the engine's clock, laid on this computer's by the report
   * that took least time to arrive
   */
  fromMs: number;
  /** so far, while it is running */
  tookMs: number;
  /** what it adds to the image, unpacked; absent until the build is over, and where the engine's history does not say */
  layerBytes?: number;
  /** the last of what its command printed */
  output?: string;
}

/** Where a step stands among those of its build: `2/3`, or `base 2/3` where there are stages; empty for what is no instruction. */
export const placeOf = ({ stage, number, of }: BuildStep): string =>
  number === undefined || of === undefined ? '' : `${stage === undefined ? '' : `${stage} `}${number}/${of}`;

/** What a build made. */
export interface BuildResult {
  reference: string;
  digest: string;
  /** unpacked, all layers */
  bytes: number;
  /** {@link LocalImage.approximate} */
  approximate?: true;
  tookMs: number;
  steps: BuildStep[];
  /** what carried the Dockerfile out */
  builder?: Builder;
}

/** One layer of an image. */
interface ImageLayer {
  diffId: string;
  /** unpacked; absent when the engine's history does not tell which entry made it */
  bytes?: number;
  /** as a registry keeps it; absent until a run with this image found out */
  compressedBytes?: number;
  /** how many other images here stand on the same layer, on top of the same ones */
  sharedWith: number;
}

/** One instruction that an image was made by, oldest first. */
export interface HistoryEntry {
  instruction: string;
  bytes: number;
  /** ISO 8601; absent when the image does not say */
  createdAt?: string;
  /** position of the layer it made; absent when it made none or that cannot be told */
  layer?: number;
}

/** A disk that Tare made of an image, kept so that a VM need not wait for it again. */
export interface CachedDisk {
  path: string;
  /** blocks it occupies */
  bytes: number;
}

export interface LocalImage {
  digest: string;
  /** names it has here; empty when it has lost them to a newer one */
  references: string[];
  createdAt?: string;
  /** unpacked, all layers */
  bytes: number;
  /**
   * unpacked sizes, and `uniqueBytes`, are only about right: the engine tells the blocks that layers take on its disk (containerd's store)
   * or how long their archives are (Podman), and no run has counted this image's files yet
   */
  approximate?: true;
  /** what the engine keeps of it packed, beside the unpacked layers (containerd's store); absent where it does not tell */
  packedBytes?: number;
  /** of that, in layers that no other image here stands on; absent when a layer's size is not known */
  uniqueBytes?: number;
  layers: ImageLayer[];
  history: HistoryEntry[];
  /** what VMs of this image start from */
  disks: CachedDisk[];
  /** containers made from it, running or not */
  containers: number;
}

/** What an engine has under a name, and whose images it runs. */
export const FoundImage = z.object({
  /** the same for the same image on every engine and store; absent where there is none of this name */
  fingerprint: z.string().optional(),
  /** as in an image's configuration: `linux`, `amd64`; of the engine's machine */
  os: z.string(),
  architecture: z.string(),
});
export type FoundImage = z.infer<typeof FoundImage>;

/** What goes away with an image. */
export interface RemovalReport {
  digest: string;
  /** names taken away */
  untagged: string[];
  /** whether the image itself goes: it stays while another name or a container needs it */
  removed: boolean;
  /** given back by the engine: layers that nothing else needs; absent when their size is not known */
  layerBytes?: number;
  disks: CachedDisk[];
  /** containers that stand in the way, by name */
  usedBy: string[];
}

/** How far a layer is, 0 to 1. While an image is pulled, fetching and unpacking count half each. */
export function layerShare(layer: LayerProgress, isPull: boolean): number {
  const { state, bytes = 0, ofBytes, unpacked = 0 } = layer;
  const ended: Partial<Record<LayerState, number>> = { done: 1, there: 1, waiting: 0 };
  if (ended[state] !== undefined) return ended[state];
  const moved = ofBytes ? Math.min(1, bytes / ofBytes) : 0;
  return isPull ? (moved + unpacked) / 2 : moved;
}
