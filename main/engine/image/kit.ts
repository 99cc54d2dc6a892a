/**
 * The guest kit: kernel, initrd with our own PID 1, static busybox, and the ROM that tests accelerators.
 * Its sources are part of the program (Vite's `?raw`), so a kit made by another version of Tare is recognised
 * without any folder to look into, and a changed init can never run with an old kit.
 */
import { createHash, type BinaryLike } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import initSource from '../../../assets/guest/init.c?raw';
import kitScript from '../../../assets/guest/kit.sh?raw';
import probeSource from '../../../assets/guest/probe.S?raw';
import type { KitFacts } from '../../contract/environment';
import type { Progress } from '../../contract/events';
import { TareError } from '../errors';
import type { Ledger } from '../process/ledger';
import { runKitScript } from './kitScript';
import { needSpace } from './space';

const sources = { 'init.c': initSource, 'kit.sh': kitScript, 'probe.S': probeSource };
const short = (data: BinaryLike): string => createHash('sha256').update(data).digest('hex').slice(0, 12);
const sourcesHash = short(JSON.stringify(sources));

const kitFiles = ['vmlinux', 'initrd', 'busybox', 'probe.rom'] as const;

const Manifest = z.object({
  version: z.string(),
  kernelRelease: z.string(),
  builtAt: z.string(),
  /** Debian packages that the files come from */
  packages: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  files: z.array(z.object({ name: z.enum(kitFiles), bytes: z.number(), sha256: z.string() })),
});
type Manifest = z.infer<typeof Manifest>;

export interface Kit extends KitFacts {
  /** uncompressed kernel */
  kernel: string;
  /** modules and PID 1, to be followed by a configuration (see targets/qemu/configuration.ts) */
  initrd: string;
  busybox: string;
  probeRom: string;
  packages: Manifest['packages'];
}

/** One folder per version of the sources: two versions of Tare may share a cache. */
const kitFolder = (cacheFolder: string): string => path.join(cacheFolder, `kit-${sourcesHash}`);

/** What the downloads, their unpacked trees and the kit take at most while it is made; measured 230 MB. */
const buildBytes = 400 * 1024 * 1024;

/**
 * The kit in `cacheFolder`, with every file checked against the manifest (0.1 s; once per process while the files stay the same).
 * @throws {TareError} `kit-missing`, also when the kit was made by another version of Tare · `kit-damaged` with the file
 */
export async function openKit(cacheFolder: string): Promise<Kit> {
  const folder = kitFolder(cacheFolder);
  const manifest = await readManifest(folder);
  for (const file of manifest.files) await checkFile(path.join(folder, file.name), file);
  return {
    folder,
    version: manifest.version,
    kernelRelease: manifest.kernelRelease,
    builtAt: manifest.builtAt,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    packages: manifest.packages,
    kernel: path.join(folder, 'vmlinux'),
    initrd: path.join(folder, 'initrd'),
    busybox: path.join(folder, 'busybox'),
    probeRom: path.join(folder, 'probe.rom'),
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, 'kit.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new TareError({ code: 'kit-missing', folder });
  }
  try {
    const manifest = Manifest.parse(JSON.parse(text));
    if (kitFiles.every((name) => manifest.files.some((known) => known.name === name))) return manifest;
  } catch {
    // worded below
  }
  throw new TareError({ code: 'kit-damaged', file });
}

/** Files found sound, by path, size and time: reading 60 MB again before each use would be paid for every time. */
const sound = new Set<string>();

async function checkFile(file: string, known: Manifest['files'][number]): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const key = `${file} ${found?.ino} ${found?.size} ${found?.mtimeMs} ${known.sha256}`;
  if (sound.has(key)) return;
  if (found?.size !== known.bytes || (await sha256(file)) !== known.sha256) {
    throw new TareError({ code: 'kit-damaged', file });
  }
  sound.add(key);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export interface KitOrder {
  cacheFolder: string;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  ledger: Ledger;
}

/**
 * Makes the kit anew and puts it in the place of an older one in one step. Needs the network, a C compiler and Debian's apt-get,
 * but neither root nor any installation.
 * @throws {TareError} `tool-missing` · `kit-failed` with the step and its output · `disk-short`; AbortError when aborted
 */
export async function buildKit({ cacheFolder, signal, progress, ledger }: KitOrder): Promise<KitFacts> {
  signal.throwIfAborted();
  await mkdir(cacheFolder, { recursive: true });
  await needSpace(cacheFolder, buildBytes);
  const making = path.join(cacheFolder, ledger.name('kit'));
  const strike = ledger.note('folder', making);
  try {
    const [given, output] = [path.join(making, 'sources'), path.join(making, 'kit')];
    await Promise.all([mkdir(given, { recursive: true }), mkdir(output, { recursive: true })]);
    for (const [name, text] of Object.entries(sources)) await writeFile(path.join(given, name), text);
    const words = [path.join(given, 'kit.sh'), given, output, path.join(making, 'apt')];
    const facts = await runKitScript(words, { folder: making, neededBytes: buildBytes, signal, progress });
    const manifest = await describe(output, facts);
    await writeFile(path.join(output, 'kit.json'), JSON.stringify(manifest, null, 2) + '\n');
    await replaceFolder(output, kitFolder(cacheFolder), path.join(making, 'old'));
  } finally {
    await rm(making, { recursive: true, force: true });
    strike();
  }
  return openKit(cacheFolder);
}

async function describe(folder: string, facts: { name: string; value: string }[]): Promise<Manifest> {
  const packages = facts
    .filter(({ name }) => name === 'package')
    .map(({ value }) => value.split(' ') as [string, string, string])
    .map(([name, version, sha256]) => ({ name, version, sha256 }));
  const files = await Promise.all(
    kitFiles.map(async (name) => {
      const file = path.join(folder, name);
      return { name, bytes: (await stat(file)).size, sha256: await sha256(file) };
    }),
  );
  return {
    version: short(JSON.stringify([sourcesHash, packages])),
    kernelRelease: facts.find(({ name }) => name === 'kernel-release')?.value ?? '',
    builtAt: new Date().toISOString(),
    packages,
    files,
  };
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
