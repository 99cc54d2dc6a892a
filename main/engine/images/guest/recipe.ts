/**
 * What a script of ours makes once and the cache keeps: a folder of files with a manifest of their checksums. The script's
 * sources are part of the program (Vite's `?raw`), so what another version of Tare made is recognised without any folder to look
 * into, and changed sources never run with old files.
 */
import type Docker from 'dockerode';
import { createHash, type BinaryLike } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { KitFacts } from '../../../contract/machine';
import type { Progress } from '../../../contract/work/progress';
import type { Failure } from '../../../contract/failures';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';
import type { Ledger } from '../../base/process/ledger';
import { findProgram } from '../../base/process/programs';
import { markUsed } from '../disk/cache';
import { runInDebian } from './kitContainer';
import type { Fact } from './kitReport';
import { runKitScript } from './kitScript';
import { freeBytes, needSpace } from '../disk/space';

/** A script of ours, and what it needs. */
export interface Procedure {
  /** how its folders in the cache begin */
  name: string;
  /** by file name; the script is called with the folder they are put into, an output folder and a folder for apt */
  sources: Record<string, string>;
  /** one of the sources */
  script: string;
  /** Debian packages that the script needs in a container; without them it runs on a system with apt-get only */
  tools?: readonly string[];
  /** what must be in the output folder */
  files: readonly string[];
  /** what the making takes at most */
  makingBytes: number;
  /** its tools cannot work below a folder with a space or a colon in its name; `keptBytes` is what the files come to at most */
  plainPath?: { keptBytes: number };
}

/** One whose result the cache keeps. */
export interface Recipe extends Procedure {
  missing: (folder: string) => Failure;
  damaged: (file: string) => Failure;
}

const Manifest = z.object({
  version: z.string(),
  kernelRelease: z.string(),
  builtAt: z.string(),
  /** Debian packages that the files come from */
  packages: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});
type Manifest = z.infer<typeof Manifest>;

/** Where the result of a recipe may lie. */
export interface MadePlaces {
  /** what was made on this computer */
  cacheFolder: string;
  /** what the installed package brought, with folders of the same names; it may be absent */
  shippedFolder?: string;
}

export interface Made extends KitFacts {
  packages: Manifest['packages'];
  /** the path of one of the recipe's files */
  file: (name: string) => string;
}

const short = (data: BinaryLike): string => createHash('sha256').update(data).digest('hex').slice(0, 12);
export const sourcesHash = ({ sources }: Procedure): string => short(JSON.stringify(sources));

/** One folder per version of the sources: two versions of Tare may share a cache. */
const folderOf = (recipe: Recipe, cacheFolder: string): string =>
  path.join(cacheFolder, `${recipe.name}-${sourcesHash(recipe)}`);

const manifestName = ({ name }: Recipe): string => `${name}.json`;

/**
 * Opens what was made or shipped, with every file checked against the manifest (0.1 s; once per process while the files stay the
 * same). Where both are whole it is the newer one: somebody may have built it again after Tare was installed.
 * @throws {TareError} what the recipe says of a damaged file, else of a missing folder, also when another version of Tare made it
 */
export async function openMade(recipe: Recipe, { cacheFolder, shippedFolder }: MadePlaces): Promise<Made> {
  const opened = await Promise.allSettled([
    openFolder(recipe, folderOf(recipe, cacheFolder), 'cache'),
    ...(shippedFolder === undefined
      ? []
      : [openFolder(recipe, folderOf(recipe, shippedFolder), 'package' as const)]),
  ]);
  const whole = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [newest] = whole.sort((a, b) => b.builtAt.localeCompare(a.builtAt));
  if (newest) {
    if (newest.origin === 'cache') await markUsed(newest.folder);
    return newest;
  }
  const reasons = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  throw reasons.find((reason) => !isMissing(recipe, reason)) ?? reasons[0];
}

const isMissing = (recipe: Recipe, reason: unknown): boolean =>
  reason instanceof TareError && reason.failure.code === recipe.missing('').code;

async function openFolder(recipe: Recipe, folder: string, origin: KitFacts['origin']): Promise<Made> {
  const manifest = await readManifest(recipe, folder);
  for (const file of manifest.files) await checkFile(recipe, path.join(folder, file.name), file);
  return {
    folder,
    origin,
    version: manifest.version,
    kernelRelease: manifest.kernelRelease,
    builtAt: manifest.builtAt,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    packages: manifest.packages,
    file: (name) => path.join(folder, name),
  };
}

async function readManifest(recipe: Recipe, folder: string): Promise<Manifest> {
  const file = path.join(folder, manifestName(recipe));
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new TareError(recipe.missing(folder));
  }
  try {
    const manifest = Manifest.parse(JSON.parse(text));
    if (recipe.files.every((name) => manifest.files.some((known) => known.name === name))) return manifest;
  } catch {
    // worded below
  }
  throw new TareError(recipe.damaged(file));
}

/** Files found sound, by path, size and time: reading 60 MB again before each use would be paid for every time. */
const sound = new Set<string>();

async function checkFile(recipe: Recipe, file: string, known: Manifest['files'][number]): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const key = `${file} ${found?.ino} ${found?.size} ${found?.mtimeMs} ${known.sha256}`;
  if (sound.has(key)) return;
  if (found?.size !== known.bytes || (await sha256(file)) !== known.sha256) {
    throw new TareError(recipe.damaged(file));
  }
  sound.add(key);
}

/** of a file's content, in hex */
async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export interface MakingOrder {
  cacheFolder: string;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  ledger: Ledger;
  /** the container engine, for systems without apt-get */
  docker?: () => Promise<Docker>;
}

/**
 * Makes it anew and puts it in the place of an older one in one step.
 * @throws {TareError} `tool-missing` · `kit-failed` with the step and its output · `disk-short`; AbortError when aborted
 */
export async function make(recipe: Recipe, order: MakingOrder): Promise<void> {
  await carryOut(recipe, order, async (output, manifest) => {
    await writeFile(path.join(output, manifestName(recipe)), JSON.stringify(manifest, null, 2) + '\n');
    await putInPlace(recipe, output, order);
  });
}

/**
 * Runs the script and hands over the folder with its result, which is gone afterwards unless it was moved.
 * @throws {TareError} as {@link make}
 */
export async function carryOut<T>(
  procedure: Procedure,
  order: MakingOrder,
  use: (output: string, manifest: Manifest) => Promise<T>,
): Promise<T> {
  const { cacheFolder, signal, ledger } = order;
  signal.throwIfAborted();
  makeFolder(cacheFolder);
  const making = path.join(await workFolder(procedure, cacheFolder), ledger.name(procedure.name));
  const strike = ledger.note('folder', making);
  try {
    const [given, output] = [path.join(making, 'sources'), path.join(making, 'output')];
    [given, output].forEach(makeFolder);
    for (const [name, text] of Object.entries(procedure.sources))
      await writeFile(path.join(given, name), text);
    const facts = await runScript(procedure, making, order);
    return await use(output, await describe(procedure, output, facts));
  } finally {
    await rm(making, { recursive: true, force: true });
    strike();
  }
}

/** On a system with apt-get the script runs as it is, else in a Debian container. */
async function runScript(procedure: Procedure, making: string, order: MakingOrder): Promise<Fact[]> {
  const { script, tools, makingBytes: neededBytes } = procedure;
  const output = path.join(making, 'output');
  if (tools && order.docker && !(await findProgram('apt-get')))
    return runInDebian({ ...order, ...procedure, tools, docker: await order.docker(), output, neededBytes });
  const given = path.join(making, 'sources');
  const words = [path.join(given, script), given, output, path.join(making, 'apt')];
  const name = order.ledger.name('script');
  return runKitScript(words, { ...order, name, folder: making, neededBytes });
}

/**
 * The cache itself, unless its path has what the recipe's tools cannot bear: then a folder for temporary files.
 * @throws {TareError} `disk-short`
 */
async function workFolder({ makingBytes, plainPath }: Procedure, cacheFolder: string): Promise<string> {
  if (!plainPath || isPlain(cacheFolder)) {
    await needSpace(cacheFolder, makingBytes);
    return cacheFolder;
  }
  await needSpace(cacheFolder, plainPath.keptBytes);
  // The first may be small, as it lies in memory on many systems.
  const [first, second] = [os.tmpdir(), '/var/tmp'].filter(isPlain) as [string, ...string[]];
  if (second !== undefined && (await freeBytes(first)) < makingBytes) {
    await needSpace(second, makingBytes);
    return second;
  }
  await needSpace(first, makingBytes);
  return first;
}

/** What make takes for one name, and a kernel's Makefile for a folder to build in. */
const isPlain = (folder: string): boolean => !/[\s:]/.test(path.resolve(folder));

/** In one step, also when `output` lies on another file system. */
async function putInPlace(recipe: Recipe, output: string, order: MakingOrder): Promise<void> {
  const { cacheFolder, ledger } = order;
  const aside = path.join(cacheFolder, ledger.name(recipe.name));
  const strike = ledger.note('folder', aside);
  try {
    await mkdir(aside);
    const whole = path.join(aside, 'whole');
    await moveFolder(output, whole);
    await replaceFolder(whole, folderOf(recipe, cacheFolder), path.join(aside, 'old'));
  } finally {
    await rm(aside, { recursive: true, force: true });
    strike();
  }
}

/** The version follows from the sources and from all that the script says it used. */
async function describe(
  procedure: Procedure,
  folder: string,
  facts: { name: string; value: string }[],
): Promise<Manifest> {
  const packages = facts
    .filter(({ name }) => name === 'package')
    .map(({ value }) => value.split(' ') as [string, string, string])
    .map(([name, version, sha256]) => ({ name, version, sha256 }));
  const files = await Promise.all(
    procedure.files.map(async (name) => {
      const file = path.join(folder, name);
      return { name, bytes: (await stat(file)).size, sha256: await sha256(file) };
    }),
  );
  return {
    version: short(JSON.stringify([sourcesHash(procedure), facts])),
    kernelRelease: facts.find(({ name }) => name === 'kernel-release')?.value ?? '',
    builtAt: new Date().toISOString(),
    packages,
    files,
  };
}

/** Moved, not copied, wherever that is possible: a copy of a disk would fill its holes. */
async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true });
  }
}

/** A folder cannot be renamed over another one: the old one is moved aside first, and deleted with the rest. */
async function replaceFolder(from: string, to: string, aside: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    await rename(to, `${aside}${tries}`).catch(ignoreAbsence);
    try {
      return await rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || tries === 5) throw error; // another Tare was quicker
    }
  }
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
