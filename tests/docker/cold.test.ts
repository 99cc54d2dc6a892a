/** Cold starts: what each way of running reads is really dropped from the page cache, and read again by the start. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openColdStarts, type DropCached } from '../../main/engine/measure/run/coldStarts';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import { createProcessTarget } from '../../main/engine/measure/targets/process/target';
import type { Target } from '../../main/engine/measure/targets/target';
import { openKernel } from '../../main/engine/images/guest/kernel';
import { freePort } from '../../main/engine/base/process/ports';
import { micro, openScope, page, ready, snapshot, target as direct } from '../qemu/machines';
import { sharedCache } from '../support/cache';
import { exported, scratchImage, testKit } from '../support/images';
import { minimalKernelIsHere } from '../support/kernel';
import { openSession, type Session } from './daemon';

const mebibyte = 1024 ** 2;
const program = async () => (await testKit()).pageCache;
const isRoot = process.getuid?.() === 0;

describe.runIf(isRoot)('the page cache', () => {
  let drop: DropCached;
  let folder: string;
  const scope = openScope();
  beforeAll(async () => {
    drop = await openColdStarts(program, scope);
    // beside the cache, since what lies in a tmpfs has no other place to be
    folder = mkdtempSync(path.join(sharedCache(), 'cold-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    scope.close();
  });

  it('loses what was read and written, of every file below a folder, each once', async () => {
    const [one, other] = ['one', 'other'].map((name) => path.join(folder, name));
    writeFileSync(one!, Buffer.alloc(3 * mebibyte + 5, 1)); // not on the disk yet
    linkSync(one!, other!);
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    const bytes = 3 * mebibyte + 5;
    expect(await drop([folder])).toEqual({ bytes, droppedBytes: bytes, cachedBytes: 0 });
    readFileSync(other!);
    expect(await drop([other!])).toEqual({ bytes, droppedBytes: bytes, cachedBytes: 0 });
    expect(await drop([one!])).toEqual({ bytes, droppedBytes: 0, cachedBytes: 0 });
  });

  it('keeps what a running program maps, and tells it', async () => {
    const busybox = path.join(folder, 'busybox'); // by any other name it would be another program
    copyFileSync((await testKit()).busybox, busybox);
    chmodSync(busybox, 0o755);
    const child = spawn(busybox, ['sleep', '600']);
    const ended = once(child, 'exit');
    try {
      await once(child, 'spawn');
      expect((await drop([busybox])).cachedBytes).toBeGreaterThan(0);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    expect(await drop([busybox])).toMatchObject({ cachedBytes: 0 });
  });

  it('fails for what is not there', async () => {
    await expect(drop([path.join(folder, 'nothing')])).rejects.toMatchObject({
      failure: { code: 'program-failed' },
    });
  });
});

describe.runIf(isRoot)('a cold start', () => {
  let session: Session;
  let drop: DropCached;
  /** of its own: what another machine maps, whoever's it is, stays in the page cache */
  let cacheFolder: string;
  beforeAll(async () => {
    session = await openSession();
    drop = await openColdStarts(program, session.scope());
    cacheFolder = mkdtempSync(path.join(sharedCache(), 'cold-'));
    const kernel = await openKernel({ cacheFolder: sharedCache() }).catch(() => undefined);
    for (const { folder } of [await testKit(), ...(kernel ? [kernel] : [])])
      cpSync(folder, path.join(cacheFolder, path.basename(folder)), { recursive: true });
  });
  afterAll(async () => {
    await session.close();
    rmSync(cacheFolder, { recursive: true });
  });

  const plain = () =>
    createProcessTarget({
      cacheFolder,
      ensureKit: testKit,
      exportImage: ({ image }) => exported(image.reference),
    });
  /** With layers that no other test's container maps meanwhile. */
  const ownImage = () => scratchImage(['/bin/busybox', 'httpd', '-f', '-v', '-p', '8080', '-h', '/www']);
  /** A plain process listens on the computer's own ports. */
  const ownPort = async () => {
    const port = await freePort();
    return { command: ['/bin/busybox', 'httpd', '-f', '-p', String(port), '-h', '/www'], port };
  };
  it.each<[string, () => Target]>([
    ['container', () => createContainerTarget({ docker: session.client.docker })],
    ['process', plain],
    ['vm:direct', () => direct({ cacheFolder })],
    ...(minimalKernelIsHere
      ? ([
          ['vm:micro', () => micro({ cacheFolder })],
          ['vm:snapshot', () => snapshot(undefined, { cacheFolder })],
        ] as [string, () => Target][])
      : []),
  ])('of %s finds nothing in the page cache, and fills it', async (_, open) => {
    const scope = openScope();
    const way = open();
    const workload = await ready(await ownImage(), way.id === 'process' ? await ownPort() : {});
    const prepared = await way.prepare(workload, scope);
    const paths = await prepared.reads();
    expect(paths.length).toBeGreaterThan(0);
    const before = await drop(paths);
    expect(before.bytes).toBeGreaterThan(mebibyte);
    expect(before.cachedBytes).toBe(0);
    await using instance = await prepared.start(workload.workload.limits, () => undefined, scope);
    expect((await page(instance)).body).toBe('hello from scratch\n');
    await instance.stop();
    expect((await drop(paths)).droppedBytes).toBeGreaterThan(100_000);
    await prepared.release?.();
    scope.close();
  });
});

it.runIf(!isRoot)('is refused to an ordinary user', async () => {
  const scope = openScope();
  await expect(openColdStarts(program, scope)).rejects.toMatchObject({
    failure: { code: 'not-cold', reason: 'cold-needs-root' },
  });
  scope.close();
});
