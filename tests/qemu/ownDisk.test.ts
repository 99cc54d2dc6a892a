/** Somebody's own disk, seen from outside alone. The disk of `vm:full` is one: without its other two it is a Debian that runs no application. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Plan } from '../../main/contract/plan';
import { ensureSystem } from '../../main/engine/images/guest/system';
import { qemuProgram } from '../../main/engine/base/process/programs';
import type { RunScope } from '../../main/engine/base/scope';
import { createDiskTarget } from '../../main/engine/measure/targets/qemu/image/target';
import { startTrial } from '../../main/engine/measure/trial/trial';
import { sharedCache } from '../support/cache';
import { testKit } from '../support/images';
import { expectConfined } from './confinement';
import { mebibyte, openScope } from './machines';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-own-disk-'));
  await testKit();
});
afterAll(() => rmSync(folder, { recursive: true }));

const target = createDiskTarget('vm:image', { cacheFolder: sharedCache() });

async function prepare(file: string, scope: RunScope) {
  const plan = Plan.parse({
    name: 'own',
    workloads: [{ name: 'own', disk: { file }, port: 80, limits: { memoryBytes: 512 * mebibyte } }],
    targets: ['vm:image'],
    trials: 1,
    readyTimeoutMs: 5000,
  });
  const workload = plan.workloads[0]!;
  return {
    plan,
    workload,
    prepared: await target.prepare({ workload: { ...workload, environment: {} } }, scope),
  };
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes to the screen by the BIOS, and stops: what a boot loader does that finds no system. */
const saysAndStops = (text: string): Buffer => {
  const sector = Buffer.alloc(512);
  const code = [
    ...[0x31, 0xc0, 0x8e, 0xd8, 0xbe, 0x40, 0x7c], // xor ax, ax; mov ds, ax; mov si, 0x7c40
    ...[0xac, 0x84, 0xc0, 0x74, 0x06, 0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xf5], // lodsb; test al, al; jz; mov ah, 14; int 0x10; jmp
    ...[0xf4, 0xeb, 0xfd], // hlt; jmp
  ];
  sector.set(code);
  sector.write(text, 0x40, 'latin1');
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
};

it('that boots no system ends as a trial with the last of what its loader printed, and is not changed', async () => {
  const scope = openScope();
  const file = path.join(folder, 'loader.img');
  writeFileSync(file, saysAndStops('no system here'), { mode: 0o600 });
  truncateSync(file, mebibyte);
  const before = statSync(file);
  const { plan, workload, prepared } = await prepare(file, scope);
  const nothing = () => undefined;
  const told = { originMs: performance.now(), onPhase: nothing, onStarted: nothing };
  const turn = { round: 0, target: 'vm:image' as const, workload };
  const trial = await startTrial(turn, prepared, { plan, scope, ...told });
  const { failure, outcome } = trial.record;
  expect(outcome).toBe('timeout');
  expect(failure).toMatchObject({ code: 'not-ready', lastPhase: 'qemu-ready' });
  expect(failure).toHaveProperty('output', expect.stringContaining('no system here'));
  expect((await trial.end()).stop?.how).toBe('forced');
  const { mode, uid, gid, mtimeMs } = statSync(file);
  expect({ mode, uid, gid, mtimeMs }).toEqual({
    ...{ mode: before.mode, uid: before.uid, gid: before.gid, mtimeMs: before.mtimeMs },
  });
  scope.close();
}, 90_000);

it('that another machine writes to is not read meanwhile', async () => {
  const scope = openScope();
  const file = path.join(folder, 'shared.img');
  writeFileSync(file, saysAndStops(''));
  truncateSync(file, mebibyte);
  const { workload, prepared } = await prepare(file, scope);
  const words = ['-M', 'microvm', '-nodefaults', '-display', 'none', '-S', '-qmp', 'stdio'];
  const disk = ['-drive', `if=none,id=d,format=raw,file=${file}`, '-device', 'virtio-blk-device,drive=d'];
  const other = spawn(qemuProgram, [...words, ...disk]);
  await once(other.stdout, 'data'); // its greeting: it has opened the disk
  const starting = prepared.start(workload.limits, () => undefined, scope);
  await expect(starting).rejects.toMatchObject({
    failure: { code: 'disk-unusable', path: file, reason: 'disk-in-use' },
  });
  const ended = once(other, 'exit');
  other.kill();
  await ended;
  scope.close();
}, 60_000);

it('that boots tells when its network is up, is weighed from outside, and stays as it was', async () => {
  const scope = openScope();
  const { disk: file } = await ensureSystem({ ...scope, cacheFolder: sharedCache() });
  const before = await checksumOf(file);
  const { prepared, workload } = await prepare(file, scope);
  expect(prepared.disk).toMatchObject({ file, format: 'raw', logicalBytes: statSync(file).size });
  const phases: string[] = [];
  const instance = await prepared.start(workload.limits, (name) => phases.push(name), scope);
  const early = instance.ended.then(({ exit, output }) => Promise.reject(new Error(`${exit}: ${output}`)));
  await Promise.race([instance.reachable, early]);
  expect(phases).toEqual(['spawned', 'qemu-ready', 'network-up']);
  expectConfined(instance);
  const memory = await instance.measure();
  expect(memory.hostBytes).toBeGreaterThan(100 * mebibyte);
  expect(memory).not.toHaveProperty('guestUsedBytes');
  expect(memory.missing).toEqual([{ what: 'guest', reason: 'nobody-to-ask' }]);
  const { imageBytes, writtenBytes, vmDiskLogicalBytes } = await instance.disk();
  expect(imageBytes).toBeUndefined();
  expect(vmDiskLogicalBytes).toBe(statSync(file).size);
  expect(writtenBytes).toBeGreaterThan(0);
  await instance[Symbol.asyncDispose]();
  expect(await checksumOf(file)).toBe(before);
  scope.close();
}, 300_000);
