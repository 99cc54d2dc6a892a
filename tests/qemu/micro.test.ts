import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openKit } from '../../main/engine/images/guest/kit';
import { sharedCache } from '../support/cache';
import { debianImage, scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, micro, openScope, page, ready, runIn, start } from './machines';

noMinimalKernel();
let scratch: string;
beforeAll(async () => {
  scratch = await scratchImage();
});

describe.runIf(minimalKernelIsHere)('the small machine', () => {
  it('serves its page, marks its phases in order, and stops when asked', async () => {
    const scope = openScope();
    const { instance, phases } = await start(await ready(scratch), scope, undefined, micro());
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
    scope.close();
  });

  it('serves with 64 MiB, and its parts add up', async () => {
    const scope = openScope();
    const { instance } = await start(await ready(scratch), scope, 64 * mebibyte, micro());
    expect((await page(instance)).status).toBe(200);
    const memory = await instance.measure();
    expect(memory.missing).toEqual([]);
    expect(memory.reservedBytes).toBe(64 * mebibyte);
    expect(memory.parts.map(({ part }) => part)).toContain('guest-ram');
    expect(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(memory.hostBytes);
    // two sources, and the guest goes on between them
    const byBalloon = (await instance.balloonUsedBytes!())!;
    expect(Math.abs(byBalloon - memory.guestUsedBytes!)).toBeLessThan(2 * mebibyte);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it('has as many processors as it was given', async () => {
    const debian = await debianImage();
    const ending = await runIn(debian, { command: ['nproc'] }, undefined, { on: micro(), cpus: 2 });
    expect(ending).toMatchObject({ exit: 'exit 0', output: expect.stringContaining('2') as string });
  });

  it('asks an application to end with the signal that its image names', async () => {
    const script = `
import http.server, os, signal
signal.signal(signal.SIGTERM, lambda *_: print('TERM', flush=True))
signal.signal(signal.SIGQUIT, lambda *_: (print('QUIT', flush=True), os._exit(0)))
http.server.HTTPServer(('', 8080), http.server.SimpleHTTPRequestHandler).serve_forever()`;
    const scope = openScope();
    const image = { command: ['python3', '-c', script], port: 8080, stopSignal: 'SIGQUIT' };
    const { instance } = await start(await ready(await debianImage(), image), scope, undefined, micro());
    await page(instance);
    expect(await instance.stop()).toBe('polite');
    expect(await instance.output()).toMatch(/QUIT/);
    expect(await instance.output()).not.toMatch(/TERM/);
    scope.close();
  });

  it('says when an application was killed for memory', async () => {
    const debian = await debianImage();
    // Bit by bit: the kernel refuses at once what obviously does not fit, and that is no kill.
    const eat = ['python3', '-c', 'x = [b"x" * (1 << 20) for _ in range(400)]'];
    const ending = await runIn(debian, { command: eat }, 96 * mebibyte, { on: micro() });
    expect(ending.exit).toBe('out of memory');
  });

  it('runs a Debian userspace: threads, shared memory, timers, sockets of both families, namespaces', async () => {
    const script = `
import asyncio, mmap, multiprocessing.shared_memory as shm, os, select, socket, threading, time
threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(20)]
[t.start() for t in threads]; [t.join() for t in threads]
block = shm.SharedMemory(create=True, size=4096); block.close(); block.unlink()
poller = select.epoll(); left, right = socket.socketpair(); poller.register(left, select.EPOLLIN)
right.send(b'x'); assert poller.poll(1)[0][1] & select.EPOLLIN
for family, place in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
    server = socket.create_server((place, 0), family=family); server.close()
assert os.eventfd(1) >= 0 and os.memfd_create('m') >= 0 and os.pidfd_open(os.getpid()) >= 0
os.getrandom(16); os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNS)
before = time.monotonic(); time.sleep(0.05); assert 0.04 < time.monotonic() - before < 5
asyncio.run(asyncio.sleep(0)); print('all well')`;
    const debian = await debianImage();
    const ending = await runIn(debian, { command: ['python3', '-c', script] }, undefined, { on: micro() });
    expect(ending).toMatchObject({ exit: 'exit 0', output: expect.stringContaining('all well') as string });
  });
});

describe('without a minimal kernel', () => {
  it('it cannot be used, and says so', async () => {
    const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-cache-'));
    try {
      const kit = await openKit({ cacheFolder: sharedCache() });
      await cp(kit.folder, path.join(cacheFolder, path.basename(kit.folder)), {
        recursive: true,
        preserveTimestamps: true,
      });
      await expect(micro({ cacheFolder }).check(new AbortController().signal)).rejects.toMatchObject({
        failure: { code: 'kernel-missing', folder: expect.stringContaining(cacheFolder) as string },
      });
    } finally {
      rmSync(cacheFolder, { recursive: true });
    }
  });
});
