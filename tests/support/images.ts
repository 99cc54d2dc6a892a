/** Images for the real tests. Made once per machine and kept: no registry is needed. The docker CLI is used so that no test rests on the code it tests. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { buildKit, openKit, type Kit } from '../../main/engine/images/guest/kit';
import { openLedger } from '../../main/engine/base/process/ledger';
import { TareError } from '../../main/engine/base/errors';
import type { ImageFacts } from '../../main/engine/images/image/facts';
import { sharedCache } from './cache';

const run = promisify(execFile);

/** Runs a program and answers with its output; fails with what it printed. */
const output = async (program: string, ...words: string[]): Promise<string> =>
  (await run(program, words, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();

export const docker = (...words: string[]): Promise<string> => output('docker', ...words);

/** The guest kit of the shared cache, made if it is not there or does not fit. */
export async function testKit(): Promise<Kit> {
  const cacheFolder = sharedCache();
  try {
    return await openKit({ cacheFolder });
  } catch (error) {
    if (!(error instanceof TareError)) throw error;
  }
  const ledger = openLedger(path.join(cacheFolder, 'ledger'));
  await buildKit({ cacheFolder, signal: new AbortController().signal, progress: () => undefined, ledger });
  ledger.close();
  return openKit({ cacheFolder });
}

export const isHere = (tag: string): Promise<boolean> =>
  docker('image', 'inspect', '--format', '{{.Id}}', tag).then(
    () => true,
    () => false,
  );

/** Feeds a program's output, a tar, to `docker import`. */
async function importFrom(words: string[], tag: string, changes: string[]): Promise<void> {
  const [program, ...args] = words as [string, ...string[]];
  const source = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const options = changes.flatMap((change) => ['--change', change]);
  const sink = spawn('docker', ['import', ...options, '-', tag], { stdio: ['pipe', 'ignore', 'inherit'] });
  let complaints = '';
  source.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  const exitOf = async (child: ChildProcess) => ((await once(child, 'close')) as [number | null])[0];
  const ended = Promise.all([exitOf(source), exitOf(sink)]);
  await pipeline(source.stdout, sink.stdin);
  const [made, imported] = await ended;
  if (made === 0 && imported === 0) return;
  await docker('image', 'rm', '--force', tag).catch(() => undefined);
  throw new Error(`${program} ended with ${made}, docker import with ${imported}: ${complaints}`);
}

/**
 * A Debian root filesystem with nginx (port 80) and Python 3, a user `alice` (groups www-data and games), a set-uid copy of id
 * (/usr/local/bin/root-id) and a copy of cat with the file capability cap_dac_override (/usr/local/bin/read-all).
 * Its command is nginx. Takes a minute the first time.
 */
export async function debianImage(): Promise<string> {
  const tag = 'tare-test/debian:1';
  if (await isHere(tag)) return tag;
  const packages = 'nginx-light,python3,libcap2-bin,passwd,ca-certificates';
  const hook = (command: string) => `--customize-hook=${command}`;
  const words = [
    ...['mmdebstrap', '--quiet', '--variant=essential', `--include=${packages}`],
    hook('chroot "$1" useradd --create-home --shell /bin/sh --groups www-data,games alice'),
    hook('cp "$1/usr/bin/id" "$1/usr/local/bin/root-id" && chmod 4755 "$1/usr/local/bin/root-id"'),
    hook('cp "$1/usr/bin/cat" "$1/usr/local/bin/read-all"'),
    hook('chroot "$1" setcap cap_dac_override+ep /usr/local/bin/read-all'),
    ...['trixie', '-', 'http://deb.debian.org/debian'],
  ];
  const changes = ['CMD ["nginx", "-g", "daemon off;"]', 'EXPOSE 80'];
  await importFrom(words, tag, changes);
  return tag;
}

/** A Debian root filesystem with little more than apt-get: what `debian:trixie-slim` is. */
export async function aptImage(): Promise<string> {
  const tag = 'tare-test/apt:1';
  if (await isHere(tag)) return tag;
  const words = ['mmdebstrap', '--quiet', '--variant=apt', 'trixie', '-', 'http://deb.debian.org/debian'];
  await importFrom(words, tag, ['CMD ["sh"]']);
  return tag;
}

/**
 * An image of nothing but a static busybox (/bin/busybox) and /www/index.html, with a command of its own and port 8080 exposed.
 * @param commandLine  default: busybox's httpd serving /www
 */
export async function scratchImage(
  commandLine: string[] = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www'],
): Promise<string> {
  const kit = await testKit();
  const key = createHash('sha256')
    .update(JSON.stringify([kit.version, commandLine]))
    .digest('hex')
    .slice(0, 12);
  const tag = `tare-test/scratch:${key}`;
  if (await isHere(tag)) return tag;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tare-image-'));
  try {
    for (const name of ['bin', 'www', 'tmp']) await mkdir(path.join(folder, name));
    await copyFile(kit.busybox, path.join(folder, 'bin/busybox'));
    await writeFile(path.join(folder, 'www/index.html'), 'hello from scratch\n');
    const words = ['tar', '--owner=0', '--group=0', '-C', folder, '-cf', '-', '.'];
    await importFrom(words, tag, [`CMD ${JSON.stringify(commandLine)}`, 'EXPOSE 8080']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tag;
}

/** An image of nothing but what holds a known memory (tests/fixtures/holder), with /file of 64 MiB, which it can map, and /tmp. */
export const holderImage = (): Promise<string> =>
  programImage('holder', (folder) =>
    writeFile(path.join(folder, 'file'), Buffer.alloc(64 * 1024 * 1024, 'known ')),
  );

/** An image of nothing but what tries to leave it (tests/fixtures/escape), also as a set-user-ID program /set-uid, and /tmp. */
export const escapeImage = (): Promise<string> =>
  programImage('escape', async (folder) => {
    await copyFile(path.join(folder, 'escape'), path.join(folder, 'set-uid'));
    await chmod(path.join(folder, 'set-uid'), 0o4755);
  });

/** An image of one C program of the fixtures, without any library, and of what `add` puts beside it. */
async function programImage(name: string, add: (folder: string) => Promise<void>): Promise<string> {
  const source = path.resolve(import.meta.dirname, `../fixtures/${name}/${name}.c`);
  const key = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const tag = `tare-test/${name}:${key}`;
  if (await isHere(tag)) return tag;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tare-image-'));
  try {
    await mkdir(path.join(folder, 'tmp'));
    await output('cc', '-static', '-Os', '-o', path.join(folder, name), source);
    await add(folder);
    const words = ['tar', '--owner=0', '--group=0', '-C', folder, '-cf', '-', '.'];
    await importFrom(words, tag, [`ENTRYPOINT ["/${name}"]`, 'EXPOSE 8080']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tag;
}

/** `reference` with a file of `mebibytes` of random bytes on top, which nothing can compress. */
export async function largeImage(reference: string, mebibytes: number): Promise<string> {
  const tag = `tare-test/large:${mebibytes}`;
  if (await isHere(tag)) return tag;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tare-image-'));
  try {
    const script = `head -c ${mebibytes}M /dev/urandom > blob && printf 'FROM ${reference}\\nCOPY blob /blob\\n' > Dockerfile`;
    await output('sh', '-c', `cd '${folder}' && ${script}`);
    await docker('build', '--quiet', '--tag', tag, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tag;
}

interface Inspected {
  Id: string;
  Size: number;
  Config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; WorkingDir?: string; User?: string };
}

/** What the image says about itself, with a test's changes. */
export async function factsOf(reference: string, changes: Partial<ImageFacts> = {}): Promise<ImageFacts> {
  const [image] = JSON.parse(await docker('image', 'inspect', reference)) as [Inspected];
  const { Entrypoint, Cmd, Env, WorkingDir, User } = image.Config;
  return {
    reference,
    digest: image.Id,
    fingerprint: image.Id,
    bytes: image.Size,
    entrypoint: Entrypoint ?? [],
    command: Cmd ?? [],
    environment: Env ?? [],
    workingDir: WorkingDir || '/',
    user: User ?? '',
    port: 8080,
    ...changes,
  };
}

/** The image's flattened root filesystem as a tar stream; its container is removed when the stream ends. */
export async function exported(reference: string): Promise<Readable> {
  const container = await docker('create', '--label', 'tare.test=export', reference, 'never-started');
  const source = spawn('docker', ['export', container], { stdio: ['ignore', 'pipe', 'inherit'] });
  source.on('close', () => void docker('rm', container));
  return source.stdout;
}
