/** The kit where the system has no apt-get: made in a Debian container, with nothing mounted and nothing left behind. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Progress } from '../../main/contract/work/progress';
import { buildKit, openKit } from '../../main/engine/images/guest/kit';
import { debianImage } from '../../main/engine/images/guest/kitContainer';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { openDocker } from '../../main/engine/base/docker/client';
import { aptImage, isHere } from '../support/images';
import { leftovers } from '../support/leaks';

const run = promisify(execFile);
const { PATH } = process.env;
let folder: string;
let ledger: Ledger;
let ours = false;

beforeAll(async () => {
  if (await isHere(debianImage)) return;
  await run('docker', ['tag', await aptImage(), debianImage]);
  ours = true;
});
afterAll(async () => {
  if (ours) await run('docker', ['rmi', debianImage]);
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tare-kit-'));
  ledger = openLedger(path.join(folder, 'ledger'));
  const tools = path.join(folder, 'tools');
  await mkdir(tools);
  for (const name of await readdir('/usr/bin'))
    if (!/^(apt|dpkg|cc$|gcc)/.test(name)) await symlink(`/usr/bin/${name}`, path.join(tools, name));
  process.env.PATH = tools;
});
afterEach(async () => {
  process.env.PATH = PATH;
  ledger.close();
  expect(await readdir(path.join(folder, 'ledger')), 'the ledger has open entries').toEqual([]);
  expect(leftovers(ledger.session)).toEqual([]);
  await rm(folder, { recursive: true });
});
function order(progress: (one: Progress) => void, signal = new AbortController().signal) {
  const docker = async () => (await openDocker()).docker;
  return { cacheFolder: path.join(folder, 'cache'), signal, progress, ledger, docker };
}

it('is the same kit, made with the tools of the container', async () => {
  const told: Progress[] = [];
  const made = await buildKit(order((one) => told.push(one)));
  const kit = await openKit({ cacheFolder: path.dirname(made.folder) });
  expect(kit.packages.map(({ name }) => name)).toEqual([
    `linux-image-${kit.kernelRelease}`,
    'busybox-static',
  ]);
  expect((await run(kit.busybox, ['echo', 'static'])).stdout).toBe('static\n');
  const done = told.filter(({ state }) => state === 'done').map(({ step }) => step);
  expect(done).toEqual(expect.arrayContaining(['kit-tools', 'kit-download', 'kit-compile', 'kit-initrd']));
});

it('is stopped at once, and the container is gone', async () => {
  const stopping = new AbortController();
  const making = buildKit(order(({ step }) => step === 'kit-tools' && stopping.abort(), stopping.signal));
  await expect(making).rejects.toThrow(/abort/i);
  expect(await readdir(path.join(folder, 'cache'))).toEqual([]);
});
