/** Tare's command line as one archive: what `tare host install` copies. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

export interface PackedProgram {
  archive: Buffer;
  sha256: string;
}

/** Of the assets, what a command line on a server has no use for. */
const left = new Set(['bin', 'icons', 'installers', 'recipes', 'screenshots']);
/** Of the bundles, what is only the window's. */
const ofWindow = /^(desktop|launch)\.cjs$/;

/** A file of the command line, by its name beside the others. */
export interface ProgramFile {
  name: string;
  source: string;
}

/**
 * What Tare's command line consists of, in the order of the names.
 * @param root  the folder that holds `dist` and `assets`
 * @param assetsFolder  where it is outside of an archive
 * @throws what the system says
 */
export async function programFiles(root: string, assetsFolder: string): Promise<ProgramFile[]> {
  const bundles = path.join(root, 'dist/main');
  const names = (await readdir(bundles)).filter((name) => name.endsWith('.cjs') && !ofWindow.test(name));
  const assets = (await readdir(assetsFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(assetsFolder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !left.has(name.split(path.sep)[0]!));
  return [
    ...names.map((name) => ({ name: `dist/main/${name}`, source: path.join(bundles, name) })),
    ...assets.map((name) => ({
      name: `assets/${name.split(path.sep).join('/')}`,
      source: path.join(assetsFolder, name),
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const starter = '#!/bin/sh\nexec node "$(dirname "$0")/dist/main/cli.cjs" "$@"\n';

/**
 * The same bytes for the same program.
 * @throws as {@link programFiles}
 */
export async function packProgram(root: string, assetsFolder: string): Promise<PackedProgram> {
  const archive = pack();
  const packed = buffer(archive.pipe(createGzip()));
  const add = (name: string, content: Buffer | string, mode = 0o644) =>
    archive.entry({ name, mode, mtime: new Date(0) }, content);
  add('tare', starter, 0o755);
  for (const { name, source } of await programFiles(root, assetsFolder)) add(name, await readFile(source));
  archive.finalize();
  const bytes = await packed;
  return { archive: bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
