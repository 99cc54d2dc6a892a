/** The reader by itself, on a real engine: what it sees, what it refuses, and that nothing of it stays. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containersOf } from '../../main/engine/base/docker/leftovers';
import { processes } from '../../main/engine/base/process/proc';
import { importPrograms, type OwnImage } from '../../main/engine/remote/reader/attached';
import { programsFor } from '../../main/engine/remote/reader/program';
import { startReader, type Reader } from '../../main/engine/remote/reader/reader';
import { sharedCache } from '../support/cache';
import { testEngine } from '../support/engine';
import { openSession, type Session } from './daemon';

let session: Session;
let image: OwnImage;
let reader: Reader;
const owner = () => ({ docker: session.client.docker, ...session.scope() });
beforeAll(async () => {
  session = await openSession();
  const programs = await programsFor(session.client.architecture, {
    cacheFolder: sharedCache(),
    ...session.scope(),
  });
  image = await importPrograms(programs, owner());
  reader = await started();
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await image[Symbol.asyncDispose]();
  await session.close(); // fails when its container is still there
});

const started = (): Promise<Reader> => startReader(image, owner());

const reading = (file: string): Promise<string> =>
  reader.look((files) => files.read(file)).catch((error: NodeJS.ErrnoException) => `${error.code}`);

describe('what it reads', () => {
  test('is what is read here, where the engine is here too', async () => {
    const here = processes().map(({ pid }) => pid);
    const there = (await reader.look((files) => processes(files))).map(({ pid }) => pid);
    const stayed = here.filter((pid) => processes().some((one) => one.pid === pid));
    expect(there).toEqual(expect.arrayContaining(stayed));
    expect(await reading('/proc/sys/kernel/random/boot_id')).toBe(
      readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
    );
    expect(await reading(`/proc/${process.pid}/cmdline`)).toBe(readFileSync('/proc/self/cmdline', 'utf8'));
    expect(await reading(`/proc/${process.pid}/smaps`)).toContain('node');
  });

  test('never lies outside of what the kernel writes, nor in the memory of processes', async () => {
    const own = `/proc/${process.pid}`;
    const refused = [
      ...[
        '/etc/passwd',
        '/proc/../etc/passwd',
        '/dev/zero',
        '/',
        'proc/self/stat',
        '/procfs',
        '/sys/../reader',
      ],
      ...[
        'root/etc/passwd',
        'cwd/package.json',
        'exe',
        'fd/0',
        'environ',
        'mem',
        'pagemap',
        'task/../environ',
      ].map((name) => `${own}/${name}`),
      ...[`${own}/task/${process.pid}/environ`, `${own}/task/${process.pid}/root/etc/passwd`, '/proc/kcore'],
      ...['/proc/self/root/reader', '/proc/self/exe', '/proc/thread-self/environ'],
    ];
    for (const file of refused)
      expect([file, await reading(file)]).toEqual([file, expect.stringMatching(/^E[A-Z]+$/)]);
  });

  test('stays in step, whatever it is asked for', async () => {
    const word = fc.constantFrom(
      'proc',
      'sys',
      'self',
      '..',
      '.',
      'fd',
      'net',
      'cgroup',
      '1',
      'task',
      'é',
      ' ',
      '%n',
      '',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
        await reading(`/${words.join('/')}`);
        expect(await reading('/proc/sys/kernel/ostype')).toBe('Linux\n');
      }),
      { numRuns: 200 },
    );
  });
});

test('it has two capabilities, no network, no way to write, and tells what it takes itself', async () => {
  const status = await reading('/proc/self/status');
  const [ptrace, readSearch] = [1n << 19n, 1n << 2n]; // linux/capability.h
  expect(BigInt(`0x${/^CapEff:\s+(\w+)$/m.exec(status)?.[1]}`)).toBe(ptrace | readSearch);
  expect(BigInt(`0x${/^CapBnd:\s+(\w+)$/m.exec(status)?.[1]}`)).toBe(ptrace | readSearch);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  const interfaces = (await reading('/proc/self/net/dev')).match(/^\s*\w+:/gm);
  expect(interfaces?.map((name) => name.trim())).toEqual(['lo:']);
  const mounts = (await reading('/proc/self/mounts'))
    .split('\n')
    .filter((line) => / (overlay|cgroup2?) /.test(line));
  expect(mounts.length).toBeGreaterThan(0);
  for (const mount of mounts) expect(mount).toMatch(/ ro[ ,]/);
  const { hostBytes, cpuMs } = await reader.cost();
  expect(hostBytes).toBeGreaterThan(4096);
  expect(hostBytes).toBeLessThan(16 * 1024 ** 2);
  expect(cpuMs).toBeGreaterThan(0);
});

test('one that is removed by somebody else refuses further reading', async () => {
  await using other = await started();
  await session.client.docker.getContainer(other.id).remove({ force: true });
  await expect(other.look((files) => files.read('/proc/stat'))).rejects.toMatchObject({ code: 'EPIPE' });
});

test('it ends with a Tare that is killed, and the next one removes its image', async () => {
  await using engine = Object.assign(testEngine(), {
    async [Symbol.asyncDispose]() {
      await engine.close();
      rmSync(engine.dataFolder, { recursive: true });
    },
  });
  const { docker } = session.client;
  const script = path.resolve('tests/support/heldReader.ts');
  const child = spawn('node_modules/.bin/vite-node', [script, engine.dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: engine.dataFolder }, // what a killed program leaves goes with it
  });
  const [, dead, id] = (await firstLine(child.stdout)).split(' ') as [string, string, string];
  expect((await imageNames()).filter((name) => name.includes(dead))).toHaveLength(1);
  child.kill('SIGKILL');
  await expect
    .poll(() =>
      docker
        .getContainer(id)
        .inspect()
        .catch(() => 'gone'),
    )
    .toBe('gone');
  const { removed, kept } = await engine.clean({ dryRun: false, cache: false });
  expect(kept).toEqual([]);
  expect(removed).toEqual([expect.objectContaining({ kind: 'image', session: dead })]);
  expect(await containersOf(docker, dead)).toEqual([]);
  expect((await imageNames()).filter((name) => name.includes(dead))).toEqual([]);
});

const imageNames = async (): Promise<string[]> =>
  (await session.client.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) if (line.startsWith('up ')) return line;
  throw new Error('it ended early');
}
