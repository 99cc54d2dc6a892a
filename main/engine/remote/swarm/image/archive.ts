/**
 * The agent's image as `docker load` takes it. Whoever makes it of the same files gets the same image: nodes know one by what is in it, and
 * one that was handed to them stays good for as long as Tare and its Node.js stay the same.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { entryPoint, imageFolder } from './layout';
import type { ImageFile } from './content';

export interface ImageArchive {
  /** `tare-agent:VERSION-DIGITS`: the digits are of what is in it */
  name: string;
  /** a new stream of it each time */
  open: () => Readable;
}

const epoch = new Date(0);
/** In the order in which they come; what lies in them is the only difference. */
const entry = { mtime: epoch, uid: 0, gid: 0 };

/** Every parent is an entry of its own, before what is in it. */
function foldersOf(files: readonly ImageFile[]): string[] {
  const folders = new Set<string>();
  for (const name of [imageFolder.slice(1), ...files.map((file) => inImage(file))]) {
    const parts = name.split('/').slice(0, -1);
    parts.forEach((_, at) => folders.add(parts.slice(0, at + 1).join('/')));
  }
  folders.add(imageFolder.slice(1));
  return [...folders].sort();
}

const inImage = ({ name }: ImageFile): string => `${imageFolder.slice(1)}/${name}`;

/** @throws what reading a file throws */
async function writeLayer(archive: Pack, files: readonly ImageFile[]): Promise<void> {
  for (const name of foldersOf(files)) archive.entry({ ...entry, name, type: 'directory', mode: 0o755 });
  for (const file of files) {
    const mode = file.isProgram ? 0o755 : 0o644;
    const into = archive.entry({ ...entry, name: inImage(file), size: file.bytes, mode });
    await pipeline(createReadStream(file.source), into);
  }
  archive.finalize();
}

function layerOf(files: readonly ImageFile[]): Readable {
  const archive = pack();
  writeLayer(archive, files).catch((error: Error) => archive.destroy(error));
  return Readable.from(archive, { objectMode: false });
}

/**
 * @param architecture  of Node.js, as images name it
 * @throws what reading a file throws
 */
export async function imageArchive(
  files: readonly ImageFile[],
  { version, architecture }: { version: string; architecture: string },
): Promise<ImageArchive> {
  const sum = createHash('sha256');
  let bytes = 0;
  for await (const chunk of layerOf(files) as AsyncIterable<Buffer>) {
    sum.update(chunk);
    bytes += chunk.length;
  }
  const created = epoch.toISOString();
  const configuration = JSON.stringify({
    architecture,
    os: 'linux',
    created,
    config: { Entrypoint: entryPoint, WorkingDir: '/', Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sum.digest('hex')}`] },
    history: [{ created, created_by: `tare ${version}` }],
  });
  const id = createHash('sha256').update(configuration).digest('hex');
  const name = `tare-agent:${version}-${id.slice(0, 12)}`;
  const open = () => {
    const archive = pack();
    const parts = { configuration, id, name, layer: { files, bytes } };
    writeArchive(archive, parts).catch((error: Error) => archive.destroy(error));
    return Readable.from(archive, { objectMode: false });
  };
  return { name, open };
}

interface ArchiveParts {
  configuration: string;
  id: string;
  name: string;
  layer: { files: readonly ImageFile[]; bytes: number };
}

async function writeArchive(archive: Pack, { configuration, id, name, layer }: ArchiveParts): Promise<void> {
  const [config, inside] = [`${id}.json`, 'layer.tar'];
  archive.entry({ ...entry, name: config }, configuration);
  archive.entry(
    { ...entry, name: 'manifest.json' },
    JSON.stringify([{ Config: config, RepoTags: [name], Layers: [inside] }]),
  );
  await pipeline(layerOf(layer.files), archive.entry({ ...entry, name: inside, size: layer.bytes }));
  archive.finalize();
}
