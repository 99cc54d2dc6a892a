/** Building the minimal kernel, but for the minutes of compiling: those are spent once per machine, before the tests. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../main/contract/work/progress';
import { buildKernel, openKernel } from '../../main/engine/images/guest/kernel';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { processes } from '../../main/engine/base/process/proc';
import { sharedCache } from '../support/cache';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';

noMinimalKernel();
const run = promisify(execFile);
const { PATH } = process.env;
let folder: string;
let cacheFolder: string;
let ledger: Ledger;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tare-kernel-'));
  cacheFolder = path.join(folder, 'a cache');
  ledger = openLedger(path.join(folder, 'ledger'));
});
afterEach(async () => {
  process.env.PATH = PATH;
  ledger.close();
  expect(await readdir(path.join(folder, 'ledger')), 'the ledger has open entries').toEqual([]);
  expect(processes().filter(({ words }) => words.some((word) => word.includes(folder)))).toEqual([]);
  await rm(folder, { recursive: true });
});
const build = (progress: (one: Progress) => void = () => undefined, signal = new AbortController().signal) =>
  buildKernel({ cacheFolder, ledger, progress, signal });

describe('building the minimal kernel', () => {
  it('gets as far as compiling below a folder with a space in its name, and leaves nothing when it is stopped there', async () => {
    const temporary = async () =>
      (await readdir(os.tmpdir())).filter((name) => name.includes(ledger.session));
    const stopping = new AbortController();
    const told: Progress[] = [];
    const building = build((one) => {
      told.push(one);
      if (one.step === 'kit-kernel-compile') stopping.abort();
    }, stopping.signal);
    await expect(building).rejects.toThrow(/abort/i);
    const done = told.filter(({ state }) => state === 'done').map(({ step }) => step);
    expect(done).toEqual(
      expect.arrayContaining(['kit-download', 'kit-unpack', 'kit-kernel-source', 'kit-kernel-configure']),
    );
    expect(await readdir(cacheFolder)).toEqual([]);
    expect(await temporary()).toEqual([]);
  });

  it.each(['flex', 'bc'])('says what to install when there is no %s', async (program) => {
    const tools = path.join(folder, 'tools');
    await mkdir(tools);
    for (const name of await readdir('/usr/bin'))
      if (name !== program) await symlink(`/usr/bin/${name}`, path.join(tools, name));
    process.env.PATH = tools;
    await expect(build()).rejects.toMatchObject({
      failure: { code: 'tool-missing', program, package: expect.stringContaining(program) as string },
    });
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('says how much room there is and how much it needs', async () => {
    await mkdir(cacheFolder);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', cacheFolder]);
    try {
      await expect(build()).rejects.toMatchObject({
        failure: { code: 'disk-short', path: cacheFolder, availableBytes: 8 * 1024 * 1024 },
      });
    } finally {
      await run('umount', [cacheFolder]);
    }
  });
});

describe('the minimal kernel', () => {
  it('is missing where none was built', async () => {
    await expect(openKernel({ cacheFolder })).rejects.toMatchObject({ failure: { code: 'kernel-missing' } });
  });

  it.runIf(minimalKernelIsHere)('is uncompressed, and refused when a byte of it has changed', async () => {
    const built = await openKernel({ cacheFolder: sharedCache() });
    expect(built.kernelRelease).toMatch(/^\d+\.\d+.*-tare$/);
    await cp(built.folder, path.join(cacheFolder, path.basename(built.folder)), { recursive: true });
    const copy = await openKernel({ cacheFolder });
    const content = await readFile(copy.kernel);
    expect(content.subarray(1, 4).toString()).toBe('ELF');
    content[5_000_000]! ^= 1;
    await writeFile(copy.kernel, content);
    await expect(openKernel({ cacheFolder })).rejects.toMatchObject({
      failure: { code: 'kernel-damaged', file: copy.kernel },
    });
  });
});
