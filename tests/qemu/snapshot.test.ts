/** A machine that resumes in a ready state. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Instance, Prepared } from '../../main/engine/measure/targets/target';
import type { ReadyWorkload } from '../../main/engine/images/image/facts';
import { processes } from '../../main/engine/base/process/proc';
import { mappings } from '../../main/engine/base/process/smaps';
import { sharedCache } from '../support/cache';
import { debianImage, scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, openScope, page, ready, snapshot, start, type TestScope } from './machines';

noMinimalKernel();
let scratch: ReadyWorkload;
beforeAll(async () => {
  scratch = await ready(await scratchImage());
});

/** Where the state and the memory of what was prepared lie, by its recorded line. */
function filesOf(prepared: Prepared): { state: string; memory: string } {
  const line = prepared.commandLine.join(' ');
  const memory = /mem-path=([^, ]+)/.exec(line)![1]!;
  return { memory, state: path.join(path.dirname(memory), 'state') };
}

const startOf = async (prepared: Prepared, scope: TestScope): Promise<Instance> =>
  prepared.start({ memoryBytes: 256 * mebibyte, cpus: 1 }, () => undefined, scope);

describe.runIf(minimalKernelIsHere)('a saved machine', () => {
  it('resumes, marks its phases in order, answers, is weighed, and stops when asked', async () => {
    const scope = openScope();
    const { instance, phases } = await start(scratch, scope, undefined, snapshot());
    expect((await page(instance)).body).toBe('hello from scratch\n');
    const expected = ['spawned', 'qemu-ready', 'loaded', 'running', 'renewed'];
    expect(phases.map(({ name }) => name)).toEqual(expected);
    const times = phases.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const memory = await instance.measure();
    expect(memory.missing).toEqual([]);
    expect(memory.reservedBytes).toBe(256 * mebibyte);
    expect(memory.parts.map(({ part }) => part)).toContain('guest-ram');
    expect(memory.guestUsedBytes).toBeGreaterThan(mebibyte);
    const disk = await instance.disk();
    expect(disk.snapshotBytes).toBeGreaterThan(mebibyte);
    expect(disk.snapshotBytes).toBeLessThan(256 * mebibyte);
    expect(await instance.stop()).toBe('polite');
    scope.close();
  });

  it('runs more than once at a time, and none of them changes the files', async () => {
    const scope = openScope();
    const prepared = await snapshot().prepare(scratch, scope);
    const { state, memory } = filesOf(prepared);
    const before = [await readFile(state), await readFile(memory)];
    const both = await Promise.all([startOf(prepared, scope), startOf(prepared, scope)]);
    for (const instance of both) expect((await page(instance)).status).toBe(200);
    const weighed = await Promise.all(both.map((instance) => instance.measure()));
    const sum = (name: 'fileBytes' | 'filePssBytes') => weighed.reduce((all, one) => all + one[name]!, 0);
    // what neither has changed is there once
    expect(sum('filePssBytes')).toBeLessThan(sum('fileBytes') * 0.75);
    for (const instance of both) await instance[Symbol.asyncDispose]();
    const after = [await readFile(state), await readFile(memory)];
    expect(after.map((content, index) => content.equals(before[index]!))).toEqual([true, true]);
    scope.close();
  });

  it.each([
    ['mapped', true],
    ['copied', false],
  ] as const)('has its memory %s', async (memory, isOfFile) => {
    const scope = openScope();
    const { instance } = await start(scratch, scope, undefined, snapshot(memory));
    expect((await page(instance)).body).toBe('hello from scratch\n');
    const [qemu] = processes().filter(({ words }) =>
      words.some((word) => word.includes(scope.ledger.session)),
    );
    const guest = (await mappings(qemu!.pid)).find(({ sizeBytes }) => sizeBytes === 256 * mebibyte)!;
    expect(guest.inode !== 0).toBe(isOfFile);
    // most of a copied memory is its own, and little of a mapped one
    expect(guest.anonymousBytes > guest.residentBytes / 2).toBe(!isOfFile);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it('has the time of day and random numbers of its own', async () => {
    const script = `
import http.server, os, time
class Teller(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(f'{time.time()} {os.getrandom(16).hex()}'.encode())
http.server.HTTPServer(('', 8080), Teller).serve_forever()`;
    const scope = openScope();
    const workload = await ready(await debianImage(), { command: ['python3', '-c', script], port: 8080 });
    const prepared = await snapshot().prepare(workload, scope);
    const told: string[][] = [];
    for (let time = 0; time < 2; time += 1) {
      const instance = await startOf(prepared, scope);
      const askedAtMs = Date.now();
      const { body } = await page(instance);
      const [clock, random] = body.split(' ') as [string, string];
      expect(Number(clock) * 1000).toBeGreaterThan(askedAtMs - 1000);
      expect(Number(clock) * 1000).toBeLessThan(Date.now() + 1000);
      told.push([clock, random]);
      await instance[Symbol.asyncDispose]();
    }
    expect(told[0]![1]).toHaveLength(32);
    expect(told[0]![1]).not.toBe(told[1]![1]);
    scope.close();
  });

  it.each(['state', 'memory'] as const)('is saved again when its %s was cut short', async (which) => {
    const scope = openScope();
    const file = filesOf(await snapshot().prepare(scratch, scope))[which];
    const size = (await readFile(file)).length;
    await truncate(file, size - 5000);
    const again = await snapshot().prepare(scratch, scope);
    expect((await readFile(filesOf(again)[which])).length).toBeGreaterThan(size - 5000);
    const instance = await startOf(again, scope);
    expect((await page(instance)).status).toBe(200);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it('that QEMU cannot load fails the start with its reason, and is saved again for the next run', async () => {
    const scope = openScope();
    const prepared = await snapshot().prepare(scratch, scope);
    await writeFile(filesOf(prepared).state, 'not a state');
    await expect(startOf(prepared, scope)).rejects.toMatchObject({ failure: { code: 'program-failed' } });
    const instance = await startOf(await snapshot().prepare(scratch, scope), scope);
    expect((await page(instance)).status).toBe(200);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it('resumes from the recorded line, pasted into a shell', async () => {
    const scope = openScope();
    const { commandLine } = await snapshot().prepare(scratch, scope);
    const line = commandLine.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const shell = spawn('sh', ['-c', `exec ${line}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      const port = Number(/hostfwd=tcp:127\.0\.0\.1:(\d+)/.exec(line)![1]);
      expect((await page({ host: '127.0.0.1', port })).body).toBe('hello from scratch\n');
    } finally {
      shell.kill();
      await once(shell, 'close');
    }
    scope.close();
  });

  it('is another one for other limits', async () => {
    const scope = openScope();
    const { instance } = await start(scratch, scope, 64 * mebibyte, snapshot());
    expect((await page(instance)).status).toBe(200);
    expect((await instance.measure()).reservedBytes).toBe(64 * mebibyte);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it.each([0, 200, 700])('leaves nothing when stopped %i ms after its saving began', async (ms) => {
    const stopping = new AbortController();
    const scope = openScope(stopping.signal);
    const workload = await ready(scratch.image.reference, { environment: [`STOPPED_AFTER=${ms}`] });
    const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-snapshots-')); // where nobody else saves machines
    for (const name of readdirSync(sharedCache()).filter((name) => name !== 'snapshots'))
      symlinkSync(path.join(sharedCache(), name), path.join(cacheFolder, name));
    const preparing = snapshot(undefined, { cacheFolder }).prepare(workload, scope);
    setTimeout(() => stopping.abort(), ms);
    await expect(preparing).rejects.toThrow(/abort/i);
    const places = path.join(cacheFolder, 'snapshots');
    expect(existsSync(places) ? readdirSync(places) : []).toEqual([]);
    rmSync(cacheFolder, { recursive: true });
    scope.close();
  });

  it('is not made of an application that ends first, and its last words are told', async () => {
    const scope = openScope();
    const workload = await ready(scratch.image.reference, { command: ['/bin/busybox', 'echo', 'no use'] });
    await expect(snapshot().prepare(workload, scope)).rejects.toMatchObject({
      failure: { code: 'ended-early', exit: 'exit 0', output: expect.stringContaining('no use') as string },
    });
    scope.close();
  });
});
