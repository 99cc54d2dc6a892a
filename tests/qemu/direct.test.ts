import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { processes } from '../../main/engine/base/process/proc';
import { sharedCache } from '../support/cache';
import { debianImage, scratchImage, testKit } from '../support/images';
import { freePort } from '../../main/engine/base/process/ports';
import { emulatorFacts, openEmulator } from '../../main/engine/measure/targets/qemu/emulator';
import { mebibyte, openScope, page, ready, start, target, type TestScope } from './machines';

let scratch: string;
let debian: string;
beforeAll(async () => {
  scratch = await scratchImage();
  debian = await debianImage();
});

const pidOf = (scope: TestScope): number =>
  processes().find(({ words }) => words.some((word) => word.includes(scope.ledger.session)))!.pid;

describe('an image FROM scratch', () => {
  it('serves its page, marks its phases in order, and stops when asked', async () => {
    const scope = openScope();
    const { instance, phases } = await start(await ready(scratch), scope);
    expect(await page(instance)).toEqual({ status: 200, body: 'hello from scratch\n' });
    expect(phases.map(({ name }) => name)).toEqual([
      'spawned',
      'qemu-ready',
      'firmware',
      'init',
      'network',
      'exec',
    ]);
    const times = phases.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(await instance.stop()).toBe('polite');
    expect(await instance.stop()).toBe('polite');
    scope.close();
  });

  it('has its memory split into parts that add up to what the kernel says of the process', async () => {
    const scope = openScope();
    const { instance } = await start(await ready(scratch), scope);
    await page(instance);
    const memory = await instance.measure();
    const rollup = await readFile(`/proc/${pidOf(scope)}/smaps_rollup`, 'utf8');
    const kept = ['Pss_Anon', 'Pss_Shmem', 'SwapPss'].map((name) => new RegExp(`^${name}:\\s+(\\d+)`, 'm'));
    const independentBytes = kept.reduce((sum, line) => sum + Number(line.exec(rollup)![1]) * 1024, 0);
    expect(Math.abs(memory.hostBytes! / independentBytes - 1)).toBeLessThan(0.03);
    expect(memory.missing).toEqual([]);
    expect(memory.reservedBytes).toBe(256 * mebibyte);
    expect(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(memory.hostBytes);
    expect(memory.parts[0]!.part).toBe('guest-ram');
    expect(memory.parts[0]!.bytes).toBeGreaterThan(memory.guestUsedBytes!);
    expect(memory.parts[0]!.bytes).toBeLessThan(256 * mebibyte);
    expect(memory.guestCacheBytes).toBeGreaterThan(0);
    expect(memory.sharedBytes).toBeLessThan(memory.hostBytes!);
    expect(await instance.balloonUsedBytes!()).toBeUndefined();
    const { residentBytes, cpuMs } = await instance.read();
    expect(residentBytes).toBeGreaterThan(memory.parts[0]!.bytes);
    expect(cpuMs).toBeGreaterThan(100);
    const disk = await instance.disk();
    expect(disk.vmDiskBytes).toBeGreaterThan(mebibyte);
    expect(disk.vmDiskLogicalBytes).toBeGreaterThan(mebibyte);
    expect(disk.kernelBytes).toBeGreaterThan(10 * mebibyte);
    expect(disk).not.toHaveProperty('writtenBytes'); // it writes to a tmpfs of its own
    await instance[Symbol.asyncDispose]();
    scope.close();
  });
});

describe('a Debian image', () => {
  it('serves with nginx', async () => {
    const scope = openScope();
    const { instance } = await start(await ready(debian, { port: 80 }), scope);
    expect((await page(instance)).body).toContain('Welcome to nginx');
    expect(await instance.stop()).toBe('polite');
    scope.close();
  });

  it("serves with Python's http.server as an ordinary user on a port below 1024, as a container may", async () => {
    const command = ['python3', '-u', '-m', 'http.server', '80', '--directory', '/usr/share/doc'];
    const scope = openScope();
    const { instance } = await start(await ready(debian, { command, user: 'alice', port: 80 }), scope);
    expect((await page(instance, '/python3/')).status).toBe(200);
    expect(await instance.output()).toContain('GET /python3/');
    await instance[Symbol.asyncDispose]();
    scope.close();
  });
});

describe('ending', () => {
  it('of QEMU by somebody else is told, with what was printed', async () => {
    const scope = openScope();
    const { instance } = await start(await ready(scratch), scope);
    process.kill(pidOf(scope), 'SIGKILL');
    expect((await instance.ended).exit).toBe('QEMU: signal SIGKILL');
    expect(await instance.stop()).toBe('by-itself');
    scope.close();
  });

  it('is forced on an application that ignores being asked', async () => {
    const command = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
    const scope = openScope();
    const { instance } = await start(await ready(debian, { command }), scope);
    expect(await instance.stop()).toMatch(/polite|forced/); // the guest kills it after 0.8 s; a slow host has to
    scope.close();
  });

  it('is forced on a QEMU that does not run', async () => {
    const scope = openScope();
    const { instance } = await start(await ready(scratch), scope);
    process.kill(pidOf(scope), 'SIGSTOP');
    expect(await instance.stop()).toBe('forced');
    scope.close();
  });

  it.each([0, 20, 400, 1500])('leaves nothing when stopped %i ms after the start began', async (ms) => {
    const stopping = new AbortController();
    const scope = openScope(stopping.signal);
    const workload = await ready(scratch);
    const prepared = await target().prepare(workload, scope);
    const starting = prepared.start({ memoryBytes: 256 * mebibyte, cpus: 1 }, () => undefined, scope);
    setTimeout(() => stopping.abort(), ms);
    await expect(starting).rejects.toThrow(/abort/i);
    scope.close();
  });
});

describe('the target', () => {
  const { signal } = new AbortController();

  it('can be used here, and says on what', async () => {
    await target().check(signal);
    const kit = await testKit();
    const facts = emulatorFacts(await openEmulator({ cacheFolder: sharedCache() }, signal));
    expect(facts).toMatchObject({ kernel: kit.kernelRelease, kit: kit.version });
  });

  it('cannot be used without QEMU, or without a kit', async () => {
    const withoutQemu = target({ qemuPath: '/nowhere/qemu-system-x86_64' });
    await expect(withoutQemu.check(signal)).rejects.toMatchObject({
      failure: { code: 'qemu-path-wrong', path: '/nowhere/qemu-system-x86_64' },
    });
    await expect(target({ cacheFolder: '/nowhere' }).check(signal)).rejects.toMatchObject({
      failure: { code: 'kit-missing' },
    });
  });

  it('cannot be used with an accelerator that does not work, when that one is asked for', async () => {
    const forced = target({ accelerator: process.platform === 'darwin' ? 'whpx' : 'hvf' });
    await expect(forced.check(signal)).rejects.toMatchObject({
      failure: { code: 'accelerator-unusable', reason: 'failed' },
    });
  });

  it('refuses an image that does not say what to run', async () => {
    const scope = openScope();
    const workload = await ready(scratch, { entrypoint: [], command: [] });
    await expect(target().prepare(workload, scope)).rejects.toMatchObject({
      failure: { code: 'image-without-command' },
    });
    scope.close();
  });
});

describe('the recorded command line', () => {
  it('boots the same machine when it is pasted into a shell', async () => {
    const scope = openScope();
    const { commandLine } = await target().prepare(await ready(scratch), scope);
    const line = commandLine.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const shell = spawn('sh', ['-c', `exec ${line}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const port = Number(/hostfwd=tcp:127\.0\.0\.1:(\d+)/.exec(line)![1]);
      expect((await page({ host: '127.0.0.1', port })).body).toBe('hello from scratch\n');
    } finally {
      shell.kill();
      await once(shell, 'close');
    }
    scope.close();
  });

  it('ends by itself when the application does, after showing what it printed', async () => {
    const scope = openScope();
    const command = ['/bin/busybox', 'echo', 'it\'s done, "really"'];
    const { commandLine } = await target().prepare(await ready(scratch, { command }), scope);
    const [program, ...words] = commandLine as [string, ...string[]];
    const { stdout } = await promisify(execFile)(program, words, { timeout: 60_000 });
    expect(stdout).toMatch(/^it's done, "really"\n/);
    scope.close();
  });
});

describe('a port that somebody takes first', () => {
  it('is replaced by another one', async () => {
    const rival = net.createServer().listen(0, '127.0.0.1');
    await once(rival, 'listening');
    const { port } = rival.address() as net.AddressInfo;
    const answers = [await freePort(), port]; // the first is only for the recorded command line
    const scope = openScope(undefined, async () => answers.shift() ?? freePort());
    const { instance, phases } = await start(await ready(scratch), scope);
    expect(instance.port).not.toBe(port);
    expect((await page(instance)).status).toBe(200);
    expect(phases.filter(({ name }) => name === 'spawned')).toHaveLength(1);
    await instance[Symbol.asyncDispose]();
    rival.close();
    scope.close();
  });
});
