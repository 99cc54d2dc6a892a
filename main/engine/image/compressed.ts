/** How small an image's layers are when they travel: what a registry keeps, and what a push sends. */
import type Docker from 'dockerode';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { extract } from 'tar-stream';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { TareError } from '../errors';
import { asking } from '../docker/refusal';
import { markUsed } from '../disk/cache';

/** Bytes of each layer, in the image's order. */
const Layers = z.array(z.number().int().nonnegative());

const fileOf = (cacheFolder: string, digest: string): string =>
  path.join(cacheFolder, 'layers', `${digest.replace(/[^\w]/g, '-')}.json`);

/** What was found out before; undefined when it never was. */
export async function knownCompressed(cacheFolder: string, digest: string): Promise<number[] | undefined> {
  try {
    return Layers.parse(JSON.parse(await readFile(fileOf(cacheFolder, digest), 'utf8')));
  } catch {
    return undefined;
  }
}

export interface CompressionOrder {
  docker: Docker;
  cacheFolder: string;
  digest: string;
  signal: AbortSignal;
  /** bytes of the image read so far */
  moved: (bytes: number) => void;
}

/**
 * Compresses each layer as `docker push` would (gzip at its usual level) and counts, keeping nothing but the figures. A layer that the
 * engine keeps compressed is counted as it is. Takes about a second per 30 MB of image, once per image.
 * @throws {TareError} `docker-refused` · `docker-unreachable` · `program-failed` when what the engine sends is no image; AbortError
 */
export async function compressedLayers(order: CompressionOrder): Promise<number[]> {
  const { docker, cacheFolder, digest, signal } = order;
  const file = fileOf(cacheFolder, digest);
  const known = await knownCompressed(cacheFolder, digest);
  if (known) {
    await markUsed(file);
    return known;
  }
  const archive = (await asking('save', docker.getImage(digest).get())) as Readable;
  const layers = await layersIn(addAbortSignal(signal, archive), order.moved);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, JSON.stringify(layers));
  return layers;
}

const Manifest = z.tuple([z.object({ Layers: z.array(z.string()) })]);

/**
 * @param archive  what `docker save` gives for one image: files, of which manifest.json names those that are layers
 * @throws {TareError} `program-failed` when it names none, or one that is not there
 */
export async function layersIn(archive: Readable, moved: (bytes: number) => void): Promise<number[]> {
  const sizes = new Map<string, number>();
  const links = new Map<string, string>();
  let manifest: unknown;
  const reader = extract();
  archive.on('error', (error) => reader.destroy(error));
  reader.on('close', () => archive.destroy());
  archive.pipe(reader);
  for await (const entry of reader) {
    const { name, type, linkname } = entry.header;
    if (name === 'manifest.json') manifest = JSON.parse(await text(entry));
    else if (type === 'file') sizes.set(name, await compressedBytes(entry as AsyncIterable<Buffer>, moved));
    else entry.resume();
    // Docker before 25 writes a layer that occurs twice once, and a link to it
    if (type === 'symlink' && linkname) links.set(name, path.posix.join(path.posix.dirname(name), linkname));
  }
  const found = Manifest.safeParse(manifest);
  const layers = found.data?.[0].Layers.map((name) => sizes.get(links.get(name) ?? name));
  if (!layers || layers.includes(undefined))
    throw new TareError({ code: 'program-failed', program: 'docker save', exit: 'no layers', output: '' });
  return layers as number[];
}

/** How files begin that gzip and zstd have made. */
const isCompressed = (start: Buffer): boolean =>
  start.readUInt16BE(0) === 0x1f8b || (start.length >= 4 && start.readUInt32BE(0) === 0x28b52ffd);

async function compressedBytes(
  entry: AsyncIterable<Buffer>,
  moved: (bytes: number) => void,
): Promise<number> {
  const chunks = entry[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return 0;
  let bytes = 0;
  const all = async function* () {
    for (let next: IteratorResult<Buffer> = first; !next.done; next = await chunks.next()) {
      moved(next.value.length);
      yield next.value;
    }
  };
  const count = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) bytes += chunk.length;
  };
  if (first.value.length >= 2 && isCompressed(first.value)) await count(all());
  else await pipeline(Readable.from(all()), createGzip(), count);
  return bytes;
}
