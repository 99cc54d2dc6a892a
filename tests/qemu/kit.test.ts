import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../main/contract/work/progress';
import { buildKit, openKit, type KitOrder } from '../../main/engine/images/guest/kit';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { processes } from '../../main/engine/base/process/proc';

const run = promisify(execFile);
const script = path.resolve(import.meta.dirname, '../../assets/guest/kit.sh');
let folder: string;
let ledger: Ledger;
const { PATH, APT_CONFIG } = process.env;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tare-kit-'));
  ledger = openLedger(path.join(folder, 'ledger'));
});
afterEach(async () => {
  process.env.PATH = PATH;
  if (APT_CONFIG === undefined) delete process.env.APT_CONFIG;
  ledger.close();
  expect(await readdir(path.join(folder, 'ledger')), 'the ledger has open entries').toEqual([]);
  expect(processes().filter(({ words }) => words.some((word) => word.includes(folder)))).toEqual([]);
  await rm(folder, { recursive: true });
});

function order(changes: Partial<KitOrder> = {}) {
  const told: Progress[] = [];
  const cacheFolder = path.join(folder, 'cache');
  const signal = new AbortController().signal;
  return { told, cacheFolder, signal, progress: (one: Progress) => told.push(one), ledger, ...changes };
}
const installed = async () => (await run('dpkg-query', ['-W'])).stdout;

describe('building the kit', () => {
  it('downloads, unpacks, compiles, installs nothing, and a new build takes the place of the old one', async () => {
    const before = await installed();
    const asked = order();
    const first = await buildKit(asked);
    expect(first.kernelRelease).toMatch(/^\d+\.\d+.*cloud/);
    const kit = await openKit(asked);
    expect(kit.packages.map(({ name }) => name)).toEqual([
      `linux-image-${kit.kernelRelease}`,
      'busybox-static',
    ]);
    expect((await stat(kit.probeRom)).size).toBe(65_536);
    expect((await run(kit.busybox, ['echo', 'static'])).stdout).toBe('static\n');
    expect((await readFile(kit.kernel)).subarray(1, 4).toString()).toBe('ELF');
    const steps = asked.told.filter(({ state }) => state === 'done').map(({ step }) => step);
    expect(steps).toEqual(
      expect.arrayContaining(['kit-download', 'kit-kernel', 'kit-compile', 'kit-initrd']),
    );
    expect(asked.told.at(-1)!.state).toBe('done');

    const second = await buildKit(order());
    expect(second).toMatchObject({ version: first.version, folder: first.folder });
    expect(second.builtAt > first.builtAt).toBe(true);
    expect(await readdir(asked.cacheFolder)).toEqual([path.basename(first.folder)]);
    expect(await installed()).toBe(before);
  });

  it('fetches package lists of its own where the system has none', async () => {
    const empty = path.join(folder, 'no-lists');
    await mkdir(empty);
    process.env.APT_CONFIG = path.join(folder, 'apt.conf');
    await writeFile(process.env.APT_CONFIG, `Dir::State::Lists "${empty}";\nDir::Cache "${empty}";\n`);
    const asked = order();
    await buildKit(asked);
    expect(asked.told.map(({ step }) => step)).toContain('kit-package-lists');
    expect(await readdir(asked.cacheFolder)).toHaveLength(1);
  });

  it.runIf(process.getuid?.() === 0)('needs no root', async () => {
    const nobody = 65534;
    const output = path.join(folder, 'kit');
    await mkdir(output);
    for (const one of [folder, output]) await chown(one, nobody, nobody);
    const words = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups', 'sh', script];
    await run('setpriv', [...words, path.dirname(script), output, path.join(folder, 'apt')], {
      env: { PATH, HOME: folder },
    });
    expect((await readdir(output)).sort()).toEqual([
      'balloon',
      'busybox',
      'init',
      'initrd',
      'pagecache',
      'probe.rom',
      'process',
      'virtio-mem',
      'vmlinux',
      'vmlinuz',
    ]);
  });

  it('says what is missing when there is no compiler', async () => {
    const tools = path.join(folder, 'tools');
    await mkdir(tools);
    for (const name of (await run('ls', ['/usr/bin'])).stdout.split('\n')) {
      if (name && name !== 'cc') await symlink(`/usr/bin/${name}`, path.join(tools, name));
    }
    process.env.PATH = tools;
    const failure = { code: 'tool-missing', program: 'cc', package: 'gcc libc6-dev' };
    await expect(buildKit(order())).rejects.toMatchObject({ failure });
    expect(await readdir(path.join(folder, 'cache'))).toEqual([]);
  });

  it.each([50, 800, 2500])('stopped after %i ms leaves nothing, and no older kit is lost', async (ms) => {
    const cacheFolder = path.join(folder, 'cache');
    await mkdir(path.join(cacheFolder, 'kit-older'), { recursive: true });
    const stopping = new AbortController();
    const building = buildKit(order({ signal: stopping.signal }));
    setTimeout(() => stopping.abort(), ms);
    await expect(building).rejects.toThrow(/abort/i);
    expect(await readdir(cacheFolder)).toEqual(['kit-older']);
  });

  it.runIf(process.getuid?.() === 0)('says how much room there is and how much it needs', async () => {
    const cacheFolder = path.join(folder, 'cache');
    await mkdir(cacheFolder);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', cacheFolder]);
    try {
      await expect(buildKit(order())).rejects.toMatchObject({
        failure: { code: 'disk-short', path: cacheFolder, availableBytes: 8 * 1024 * 1024 },
      });
    } finally {
      await run('umount', [cacheFolder]);
    }
  });
});
