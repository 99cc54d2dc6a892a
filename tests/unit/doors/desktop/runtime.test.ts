import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findRuntime } from '../../../../main/doors/desktop/runtime';
import { registryRuntime } from '../../../../main/doors/desktop/registryRuntime';
import { devDependencies } from '../../../../package.json';

const { electronVersion } = registryRuntime;

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(path.join(os.tmpdir(), 'tare-runtime-'));
  folders.push(made);
  return made;
};
afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true, force: true })));

const program = (file: string, text = '#!/bin/sh\n') => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
};

/** A folder with an Electron package whose installer does as told. */
function installed(installer: string): string {
  const root = folder();
  const electron = path.join(root, 'node_modules/electron');
  mkdirSync(electron, { recursive: true });
  writeFileSync(path.join(electron, 'package.json'), '{ "version": "45.4.1" }');
  writeFileSync(path.join(electron, 'install.js'), installer);
  return root;
}

const agreed = { mayBeOld: () => Promise.resolve(true) };

/** A mirror is set, so that nothing asks GitHub; npm is one that always fails. */
const offline = (npm = 'exit 1') => {
  const bin = folder();
  program(path.join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
  return { ELECTRON_MIRROR: 'http://127.0.0.1:1/', PATH: `${bin}:${process.env.PATH}` };
};

it('takes the one that ELECTRON_OVERRIDE_DIST_PATH names before all others', async () => {
  const dist = folder();
  program(path.join(dist, 'electron'));
  const found = await findRuntime({ root: folder(), environment: { ELECTRON_OVERRIDE_DIST_PATH: dist } });
  expect(found).toMatchObject({ kind: 'override', electron: path.join(dist, 'electron') });
});

it('takes the official one when it is there, and asks nobody', async () => {
  const root = installed('process.exit(9)');
  program(path.join(root, 'node_modules/electron/dist/electron'));
  await expect(findRuntime({ root, environment: {} })).resolves.toMatchObject({
    kind: 'official',
    version: '45.4.1',
    passedOver: [],
  });
});

it('downloads the official one when it can', async () => {
  const root = installed(`
    const fs = require('node:fs'), path = require('node:path');
    fs.mkdirSync(path.join(__dirname, 'dist'));
    fs.writeFileSync(path.join(__dirname, 'dist/electron'), '', { mode: 0o755 });`);
  await expect(findRuntime({ root, environment: offline() })).resolves.toMatchObject({ kind: 'official' });
});

it('ends a download that hangs, and goes on to the next candidate with the reason', async () => {
  const root = installed('setInterval(() => {}, 1000)');
  const found = await findRuntime({
    ...agreed,
    root,
    environment: offline(),
    cacheFolder: folder(),
    downloadMs: 300,
  });
  expect(found.kind).toBe('none');
  expect(found.passedOver.map(({ kind }) => kind)).toEqual(['official', 'registry']);
});

/** A folder where something lies that is called as the registry's Electron is when it was fetched. */
function kept(): string {
  const cacheFolder = folder();
  program(path.join(cacheFolder, `electron-${electronVersion}/electron`));
  return cacheFolder;
}

it('refuses what lies in the cache and is not the registry’s, by its checksum', async () => {
  const root = installed('console.error("fetch failed"); process.exit(1)');
  const found = await findRuntime({ ...agreed, root, environment: offline(), cacheFolder: kept() });
  expect(found.kind).toBe('none');
  expect(found.passedOver[0]).toMatchObject({ kind: 'official' });
  expect(found.passedOver[1]!.reason).toContain('is not the pinned one: its SHA-256 is');
});

it('neither fetches nor starts the registry’s unless somebody agrees, who is told why', async () => {
  const cacheFolder = kept();
  const root = installed('console.error("fetch failed"); process.exit(1)');
  const asked: unknown[] = [];
  for (const mayBeOld of [undefined, (why: unknown) => Promise.resolve(asked.push(why) < 0)]) {
    const found = await findRuntime({
      root,
      environment: offline(),
      cacheFolder,
      ...(mayBeOld && { mayBeOld }),
    });
    expect(found).toMatchObject({
      kind: 'none',
      passedOver: [{ kind: 'official' }, { kind: 'registry', reason: `${electronVersion}, not agreed to` }],
    });
  }
  expect(asked).toHaveLength(1);
});

it('has the registry’s be the oldest that the types are checked against', () => {
  expect(devDependencies['electron-oldest']).toBe(`npm:electron@${electronVersion}`);
});

it('refuses a package that is not the pinned one, and leaves nothing of it', async () => {
  const cacheFolder = folder();
  const fake = 'for last; do :; done; echo forged > "$last/forged.tgz"; echo forged.tgz';
  const environment = offline(fake);
  const before = process.env.PATH;
  process.env.PATH = environment.PATH; // the program is looked up in this process's own path
  try {
    const found = await findRuntime({
      ...agreed,
      root: installed('process.exit(1)'),
      environment,
      cacheFolder,
    });
    expect(found.kind).toBe('none');
    expect(found.passedOver.at(-1)!.reason).toContain('not the pinned');
  } finally {
    process.env.PATH = before;
  }
  expect(existsSync(path.join(cacheFolder, `electron-${electronVersion}`))).toBe(false);
  expect(readdirSync(cacheFolder)).toEqual([]);
});
