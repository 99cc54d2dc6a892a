/** The images that the engine has here: what they are made of, what they share, and what Tare keeps for them. */
import type Docker from 'dockerode';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CachedDisk, HistoryEntry, LocalImage, RemovalReport } from '../../../contract/work/images';
import { TareError } from '../../base/errors';
import { asking, statusOf } from '../../base/docker/refusal';
import type { DockerClient } from '../../base/docker/client';
import { diskFolder, diskPrefix } from '../disk/disk';
import { layersMade, type HistoryLine } from './history';
import { knownLayers, type CountedLayer } from './layers';
import { packedHere, type ManifestSummary } from './manifests';
import { toldSize } from './size';

interface Inspected {
  id: string;
  references: string[];
  created?: string;
  diffIds: string[];
  history: HistoryLine[];
  /** its layers, in their order, as far as that is known */
  counted: CountedLayer[];
  /** what containerd's store tells of it */
  packed?: { packedBytes?: number; unpackedBytes?: number };
}

/** What is the same for all images of a list. */
interface Library {
  store: DockerClient['store'];
  /** how many images stand on a layer */
  users: Map<string, number>;
  /** of layers that were counted as parts of any image here, by diffID */
  counted: Map<string, number>;
  disks: CachedDisk[];
}

/**
 * Every image that has a name, or that a container uses, newest first.
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export async function localImages(client: DockerClient, cacheFolder: string): Promise<LocalImage[]> {
  const { docker, store } = client;
  const options: object = store === 'containerd' ? { manifests: true } : {}; // @types/dockerode does not know it
  const [summaries, containers, disks] = await Promise.all([
    asking('list images', docker.listImages(options)) as Promise<Summary[]>,
    asking('list containers', docker.listContainers({ all: true })),
    cachedDisks(cacheFolder),
  ]);
  const looking = summaries.map(async ({ Id, Manifests = [] }) => {
    const found = await inspect(docker, Id, cacheFolder);
    return found ? [{ ...found, packed: packedHere(Manifests, client) }] : [];
  });
  const inspected = (await Promise.all(looking)).flat();
  const library: Library = { store, disks, users: usersOf(inspected), counted: countedIn(inspected) };
  return inspected
    .map((image) => describe(image, library, containers.filter(({ ImageID }) => ImageID === image.id).length))
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}

type Summary = Docker.ImageInfo & { Manifests?: ManifestSummary[] };

/** Undefined when it has gone meanwhile. */
async function inspect(docker: Docker, id: string, cacheFolder: string): Promise<Inspected | undefined> {
  try {
    const image = docker.getImage(id);
    const [facts, history, counted] = await Promise.all([
      image.inspect(),
      image.history() as Promise<HistoryLine[]>, // @types/dockerode declares the answer as any
      knownLayers(cacheFolder, id),
    ]);
    return {
      id,
      references: facts.RepoTags ?? [],
      ...(facts.Created && { created: facts.Created }),
      diffIds: facts.RootFS?.Layers ?? [],
      history: history.reverse(), // the engine begins with the newest
      counted: counted ?? [],
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    return asking('inspect image', Promise.reject(error as Error));
  }
}

/** A layer is kept once for all images that have it on top of the same ones. */
const chains = ({ diffIds }: Inspected): string[] =>
  diffIds.map((_, at) => diffIds.slice(0, at + 1).join(' '));

function usersOf(images: Inspected[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const chain of images.flatMap(chains)) users.set(chain, (users.get(chain) ?? 0) + 1);
  return users;
}

function countedIn(images: Inspected[]): Map<string, number> {
  const known = images.flatMap(({ diffIds, counted }) =>
    diffIds.flatMap((diffId, at): [string, number][] => {
      const bytes = counted[at]?.bytes;
      return bytes === undefined ? [] : [[diffId, bytes]];
    }),
  );
  return new Map(known);
}

/** A graph driver tells the files of each layer; elsewhere they are counted, once a run has read the image. */
function sizesOf(
  { diffIds, history, packed }: Inspected,
  made: (number | undefined)[] | undefined,
  { store, counted }: Library,
): { layers: (number | undefined)[]; bytes: number; approximate?: true } {
  const told = toldSize(store, history);
  const files = diffIds.map((diffId) => counted.get(diffId));
  if (told.approximate && !files.includes(undefined))
    return { layers: files, bytes: (files as number[]).reduce((sum, bytes) => sum + bytes, 0) };
  const layers = diffIds.map((_, layer) => history[made?.indexOf(layer) ?? -1]?.Size);
  // The history has 0 for a layer that is not unpacked yet, or no longer; the manifest has all that is.
  return { layers, ...told, bytes: Math.max(told.bytes, packed?.unpackedBytes ?? 0) };
}

function describe(image: Inspected, library: Library, containers: number): LocalImage {
  const { users, disks } = library;
  const made = layersMade(image.history, image.diffIds.length);
  const { layers: sizes, bytes, approximate } = sizesOf(image, made, library);
  const layers = chains(image).map((chain, at) => ({
    diffId: image.diffIds[at]!,
    ...(sizes[at] !== undefined && { bytes: sizes[at] }),
    ...(image.counted[at] && { compressedBytes: image.counted[at].compressedBytes }),
    sharedWith: users.get(chain)! - 1,
  }));
  const own = layers.filter(({ sharedWith }) => sharedWith === 0);
  const isKnown = own.every((layer) => layer.bytes !== undefined);
  const packedBytes = image.packed?.packedBytes;
  return {
    digest: image.id,
    references: image.references,
    ...(image.created && { createdAt: image.created }),
    bytes,
    ...(approximate && { approximate }),
    ...(packedBytes !== undefined && { packedBytes }),
    ...(isKnown && { uniqueBytes: own.reduce((sum, layer) => sum + (layer.bytes ?? 0), 0) }),
    layers,
    history: image.history.map((line, at) => {
      const layer = made?.[at];
      return entry(line, layer, layer === undefined ? undefined : sizes[layer]);
    }),
    disks: disks.filter((disk) => path.basename(disk.path).startsWith(diskPrefix(image.id))),
    containers,
  };
}

const entry = (
  { CreatedBy, Created, Size }: HistoryLine,
  layer: number | undefined,
  bytes = Size,
): HistoryEntry => ({
  instruction: CreatedBy.replace(/^\/bin\/sh -c #\(nop\)\s*/, '').replace(/^\/bin\/sh -c /, 'RUN '),
  bytes,
  ...(Created > 0 && { createdAt: new Date(Created * 1000).toISOString() }),
  ...(layer !== undefined && { layer }),
});

async function cachedDisks(cacheFolder: string): Promise<CachedDisk[]> {
  const folder = diskFolder(cacheFolder);
  const names = await readdir(folder).catch(() => [] as string[]);
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const stats = await stat(file).catch(() => undefined);
      return stats?.isFile() ? [{ path: file, bytes: stats.blocks * 512 }] : [];
    }),
  );
  return found.flat();
}

/**
 * Removes an image by one of its names, or by its digest with all its names, and the disks that Tare made of it once it is gone.
 * @param dryRun  only tells what would go
 * @throws {TareError} `image-unknown` · `image-in-use` with the containers · `docker-refused` · `docker-unreachable`
 */
export async function removeImage(
  client: DockerClient,
  cacheFolder: string,
  reference: string,
  dryRun: boolean,
): Promise<RemovalReport> {
  const { docker } = client;
  const images = await localImages(client, cacheFolder);
  const image = await find(docker, reference, images);
  const wanted = reference.includes(':') || !/^[0-9a-f]+$/.test(reference) ? withTag(reference) : reference;
  const named = image.references.includes(wanted);
  const untagged = named ? [wanted] : image.references;
  const removed = untagged.length === image.references.length;
  const usedBy = removed ? await containersOf(docker, image.digest) : [];
  const report: RemovalReport = {
    digest: image.digest,
    untagged,
    removed: removed && usedBy.length === 0,
    ...(removed && image.uniqueBytes !== undefined && { layerBytes: image.uniqueBytes }),
    disks: removed ? image.disks : [],
    usedBy,
  };
  if (dryRun) return report;
  if (usedBy.length > 0) throw new TareError({ code: 'image-in-use', reference, known: usedBy });
  if (named) await asking('remove image', docker.getImage(wanted).remove());
  else for (const name of untagged) await asking('remove image', docker.getImage(name).remove());
  if (untagged.length === 0) await asking('remove image', docker.getImage(image.digest).remove());
  for (const disk of report.disks) await rm(disk.path, { force: true });
  return report;
}

const withTag = (reference: string): string =>
  reference.includes('@') || reference.lastIndexOf(':') > reference.lastIndexOf('/')
    ? reference
    : `${reference}:latest`;

async function find(docker: Docker, reference: string, images: LocalImage[]): Promise<LocalImage> {
  const id = await docker
    .getImage(reference)
    .inspect()
    .then(
      ({ Id }) => Id,
      (error: unknown) => {
        if (statusOf(error) === 404 || statusOf(error) === 400) return undefined;
        return asking('inspect image', Promise.reject(error as Error));
      },
    );
  const found = images.find(({ digest }) => digest === id);
  if (found) return found;
  throw new TareError({ code: 'image-unknown', reference, reason: 'ENOENT' });
}

async function containersOf(docker: Docker, digest: string): Promise<string[]> {
  const all = await asking('list containers', docker.listContainers({ all: true }));
  return all.flatMap(({ ImageID, Names, Id }) => (ImageID === digest ? [Names[0]?.slice(1) ?? Id] : []));
}
