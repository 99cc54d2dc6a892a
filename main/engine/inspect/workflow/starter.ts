/** Folders that images are built from: Tare's own, which needs no registry, and those that a person names. */
import { access, copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { BuildFolder } from '../../../contract/work/workflow';
import type { Engine } from '../../engine';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';
import type { Resources } from '../../measure/resources';
import type { RunScope } from '../../base/scope';
import type { Work } from '../../base/work/work';

/** What the starter is made of, beside the busybox of the guest kit. */
const starterFiles = ['Dockerfile', 'index.html'];

const ownFolder = (resources: Resources): string => path.join(resources.dataFolder, 'dockerfiles', 'starter');
const assetOf = (resources: Resources, name: string): string =>
  path.join(resources.assetsFolder, 'workloads', 'starter', name);

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Adds what of the starter is not there yet. */
async function fill(folder: string, resources: Resources, scope: RunScope): Promise<void> {
  makeFolder(folder);
  for (const name of starterFiles) {
    const file = path.join(folder, name);
    if (!(await exists(file))) await copyFile(assetOf(resources, name), file);
  }
  const busybox = path.join(folder, 'busybox');
  if (!(await exists(busybox))) await copyFile((await resources.madeKit(scope)).busybox, busybox);
}

/**
 * Tare's own folder, with everything that it is built from.
 * @throws {TareError} `write-failed`; why there is no guest kit
 */
export async function ensureStarter(resources: Resources, scope: RunScope): Promise<string> {
  const folder = ownFolder(resources);
  await writing(folder, () => fill(folder, resources, scope));
  return folder;
}

/**
 * The folder as it is; Tare's own when none is named.
 * @throws {TareError} `build-folder-unusable` when the folder, or its Dockerfile, cannot be read
 */
async function readBuildFolder(given: string | undefined, resources: Resources): Promise<BuildFolder> {
  const folder = given === undefined ? ownFolder(resources) : path.resolve(given);
  const isOwn = folder === ownFolder(resources);
  try {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && isOwn) return [] as string[];
      throw error;
    });
    const isSaved = names.includes('Dockerfile');
    const file = isSaved ? path.join(folder, 'Dockerfile') : assetOf(resources, 'Dockerfile');
    const files = names.filter((name) => name !== 'Dockerfile').sort();
    return { path: folder, isOwn, isSaved, text: await readFile(file, 'utf8'), files };
  } catch (error) {
    const { code, path: place } = error as NodeJS.ErrnoException;
    throw new TareError({
      code: 'build-folder-unusable',
      path: place ?? folder,
      reason: code ?? String(error),
    });
  }
}

/**
 * Writes the Dockerfile, and nothing else into a folder that holds anything; a folder that is new or empty gets what the starter
 * is built from as well.
 * @param replace  whether a Dockerfile that is there and says something else may be lost
 * @throws {TareError} `write-failed`, with EEXIST where one is there
 */
async function saveBuildFolder(
  given: { path?: string | undefined; text: string; replace: boolean },
  resources: Resources,
  scope: RunScope,
): Promise<BuildFolder> {
  const folder = given.path === undefined ? ownFolder(resources) : path.resolve(given.path);
  const isOwn = folder === ownFolder(resources);
  const file = path.join(folder, 'Dockerfile');
  await writing(file, async () => {
    if (!isOwn && !(await stat(path.dirname(folder))).isDirectory()) throw codeError('ENOTDIR');
    await mkdir(folder, { recursive: isOwn }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const names = await readdir(folder);
    const there = names.includes('Dockerfile') ? await readFile(file, 'utf8') : undefined;
    if (there !== undefined && there !== given.text && !given.replace && !isOwn) throw codeError('EEXIST');
    await writeFileAtomic(file, given.text);
    if (isOwn || names.length === 0) await fill(folder, resources, scope);
  });
  return readBuildFolder(folder, resources);
}

/** The calls for these folders. */
export const buildFolderCalls = (
  resources: Resources,
  work: Work,
): Pick<Engine, 'buildFolder' | 'saveBuildFolder'> => ({
  buildFolder: ({ path: folder }) => readBuildFolder(folder, resources),
  saveBuildFolder: (given) =>
    work.during('saveBuildFolder', (signal) => saveBuildFolder(given, resources, resources.scope(signal))),
});

const codeError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

async function writing(place: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException;
    if (error instanceof TareError || code === undefined) throw error;
    throw new TareError({ code: 'write-failed', path: file ?? place, reason: code }, { cause: error });
  }
}
