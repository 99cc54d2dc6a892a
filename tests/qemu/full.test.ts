/** A full system takes half a minute to boot where it is emulated, so one boot serves several observations. */
import { beforeAll, expect, it } from 'vitest';
import path from 'node:path';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { ensureSystem } from '../../main/engine/images/guest/system';
import type { ImageFacts, ReadyWorkload } from '../../main/engine/images/image/facts';
import type { RunScope } from '../../main/engine/base/scope';
import { sharedCache } from '../support/cache';
import { debianImage, scratchImage, testKit } from '../support/images';
import { halfMade } from '../support/leaks';
import { expectConfined } from './confinement';
import { full, mebibyte, openScope, page, ready } from './machines';

beforeAll(async () => {
  await testKit();
  const scope = openScope();
  await ensureSystem({ ...scope, cacheFolder: sharedCache() }); // two minutes, the first time
  scope.close();
  expect(halfMade(sharedCache())).toEqual([]);
});

async function start(workload: ReadyWorkload, scope: RunScope) {
  const prepared = await full().prepare(workload, scope);
  const phases: string[] = [];
  const limits = { memoryBytes: 512 * mebibyte, cpus: 1 };
  const instance = await prepared.start(limits, (name) => phases.push(name), scope);
  return { instance, phases, prepared };
}

it('boots from firmware to the application as a unit, reaches nothing of this computer, is measured, and powers off when asked', async () => {
  const scope = openScope();
  const host = net.createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const { port } = host.address() as net.AddressInfo;
  const command = [
    'sh',
    '-c',
    `python3 -c "import socket; socket.create_connection(('10.0.2.2', ${port}), 9)"; ` +
      'id -un; id -Gn; pwd; env | sort; echo written >/srv/here; exec python3 -u -m http.server 80',
  ];
  const changes: Partial<ImageFacts> = {
    command,
    port: 80,
    user: 'alice',
    workingDir: '/usr/share/doc/python3',
    environment: ['PATH=/usr/bin:/bin', 'GREETING=it\'s 100 % "fine" $HOME'],
  };
  const { instance, phases, prepared } = await start(await ready(await debianImage(), changes), scope);
  const early = instance.ended.then(({ exit, output }) => Promise.reject(new Error(`${exit}: ${output}`)));
  expect((await Promise.race([page(instance, '/', 60_000), early])).status).toBe(200);
  expect(phases).toEqual([
    'spawned',
    'qemu-ready',
    'firmware',
    'loader',
    'kernel',
    'init',
    'network',
    'exec',
  ]);
  expectConfined(instance);
  const memory = await instance.measure();
  expect(memory.missing).toEqual([]);
  expect(memory.parts.map(({ part }) => part)).toContain('guest-ram');
  expect(memory.guestUsedBytes).toBeGreaterThan(20 * mebibyte);
  // a second source; systemd still starts things meanwhile
  expect(((await instance.balloonUsedBytes!())! / memory.guestUsedBytes!).toFixed(0)).toBe('1');
  const disk = await instance.disk();
  expect(disk.vmDiskBytes).toBeGreaterThan(200 * mebibyte);
  expect(disk.vmDiskLogicalBytes).toBeGreaterThan(disk.vmDiskBytes!);
  expect(disk.writtenBytes).toBeGreaterThan(0); // its journal, above the disk that all of them share
  expect(disk.writtenBytes).toBeLessThan(200 * mebibyte);
  const output = (await instance.output()).replaceAll('\r', '');
  expect(output).toContain('alice\nalice www-data games\n/usr/share/doc/python3\n');
  expect(output).toContain('GREETING=it\'s 100 % "fine" $HOME\nHOME=/home/alice\n');
  expect(output).toContain('ConnectionRefusedError');
  host.close();
  expect(output).not.toMatch(/^(INVOCATION_ID|JOURNAL_STREAM|LOGNAME)=/m);
  expect(output).toContain('cannot create /srv/here: Permission denied'); // as alice, and not as root
  expect(prepared.commandLine.join(' ')).not.toMatch(/-kernel|-append/);
  expect(await instance.stop()).toBe('polite');
  scope.close();
});

it('tells how an application ended that could not be run', async () => {
  const scope = openScope();
  const { instance } = await start(await ready(await scratchImage(), { command: ['/none'] }), scope);
  const { exit, output } = await instance.ended;
  expect(exit).toBe('exit 203');
  expect(output).toContain('/none');
  await instance[Symbol.asyncDispose]();
  scope.close();
});

it('fails with what QEMU said when each port that it tries is taken', async () => {
  const rival = net.createServer().listen(0, '127.0.0.1');
  await once(rival, 'listening');
  const { port } = rival.address() as net.AddressInfo;
  const scope = openScope(undefined, () => Promise.resolve(port));
  await expect(start(await ready(await scratchImage()), scope)).rejects.toMatchObject({
    failure: {
      code: 'program-failed',
      exit: 'port taken',
      output: expect.stringContaining(`${port}`) as string,
    },
  });
  rival.close();
  scope.close();
});

it.each([0, 1500])('leaves nothing when stopped %i ms after the start began', async (ms) => {
  const stopping = new AbortController();
  const scope = openScope(stopping.signal);
  const prepared = await full().prepare(await ready(await scratchImage()), scope);
  setTimeout(() => stopping.abort(), ms);
  const starting = prepared.start({ memoryBytes: 512 * mebibyte, cpus: 1 }, () => undefined, scope);
  await expect(starting).rejects.toThrow(/abort/i);
  scope.close();
});

it('leaves nothing half made when its disk is broken off', async () => {
  const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-system-'));
  const stopping = new AbortController();
  const scope = openScope(stopping.signal);
  setTimeout(() => stopping.abort(), 6000);
  await expect(ensureSystem({ ...scope, cacheFolder })).rejects.toThrow(/abort/i);
  expect(halfMade(cacheFolder)).toEqual([]);
  scope.close();
  rmSync(cacheFolder, { recursive: true });
});
