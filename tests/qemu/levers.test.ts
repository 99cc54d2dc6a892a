/** One thing about a VM changed: it still serves, and the recorded line shows the change. */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import type { TargetId } from '../../main/contract/targets';
import type { TareError } from '../../main/engine/base/errors';
import type { ReadyWorkload } from '../../main/engine/images/image/facts';
import type { Instance } from '../../main/engine/measure/targets/target';
import { debianImage, scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, openScope, page, ready, runIn, start, variant } from './machines';

noMinimalKernel();
let scratch: ReadyWorkload;
beforeAll(async () => {
  scratch = await ready(await scratchImage());
});

const limits = { memoryBytes: 256 * mebibyte, cpus: 1 };

async function served(id: string): Promise<string> {
  const scope = openScope();
  const prepared = await variant(id).prepare(scratch, scope);
  const instance = await prepared.start(limits, () => undefined, scope);
  expect((await page(instance)).body).toBe('hello from scratch\n');
  const { reservedBytes } = await instance.measure();
  expect(reservedBytes).toBe(id.includes('memory=64M') ? 64 * mebibyte : 256 * mebibyte);
  expect((await instance.disk()).vmDiskBytes).toBeGreaterThan(0);
  expect(await instance.stop()).toBe('polite');
  scope.close();
  return prepared.commandLine.join(' ');
}

describe('a PC with the distribution’s kernel', () => {
  it.each([
    ['vm:direct+entry=bzimage', /-kernel \S+vmlinuz /],
    ['vm:direct+firmware=qboot', /-bios qboot\.rom /],
  ])('%s', async (id, shown) => {
    expect(await served(id)).toMatch(shown);
  });
});

/** What the guest's kernel says it does against each attack through the processor. */
async function guards(id: string): Promise<string> {
  const shell = '/bin/busybox grep -h . /sys/devices/system/cpu/vulnerabilities/*';
  const changes = { command: ['/bin/busybox', 'sh', '-c', shell] };
  const { exit, output } = await runIn(scratch.image.reference, changes, undefined, { on: variant(id) });
  expect(exit).toBe('exit 0');
  return output;
}

it('vm:direct+mitigations=on guards its kernel against attacks through the processor, and vm:direct does not', async () => {
  const [without, guarded] = [await guards('vm:direct'), await guards('vm:direct+mitigations=on')];
  expect(without).toMatch(/^Vulnerable/m);
  expect(without).not.toMatch(/^Mitigation/m);
  expect(guarded).toMatch(/^Mitigation/m);
});

const poolFile = '/proc/sys/vm/nr_hugepages';
const hugePages = 256 / 2;

/** Has the kernel set huge pages aside; gives them back when it is disposed of. Undefined where it cannot. */
function hugePagePool(): Disposable | undefined {
  const before = readFileSync(poolFile, 'utf8').trim();
  const give = { [Symbol.dispose]: () => writeFileSync(poolFile, before) };
  try {
    writeFileSync(poolFile, String(Number(before) + hugePages));
  } catch {
    return undefined; // not root, or a container's /proc
  }
  if (Number(readFileSync(poolFile, 'utf8')) === Number(before) + hugePages) return give;
  give[Symbol.dispose]();
  return undefined;
}

it('vm:direct+pages=huge has its memory in huge pages of the pool, and gives them back', async () => {
  using pool = hugePagePool();
  if (!pool) return console.warn('skipped: this kernel sets no huge pages aside');
  const free = () => Number(readFileSync('/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages', 'utf8'));
  const before = free();
  const scope = openScope();
  const { instance } = await start(scratch, scope, undefined, variant('vm:direct+pages=huge'));
  expect((await page(instance)).body).toBe('hello from scratch\n');
  const taken = (before - free()) * 2 * mebibyte;
  expect(taken).toBeGreaterThan(16 * mebibyte);
  const memory = await instance.measure();
  expect(memory.missing).toEqual([]);
  expect(memory.parts.find(({ part }) => part === 'guest-ram')!.bytes).toBeGreaterThanOrEqual(taken);
  expect(memory.hugePageBytes).toBeGreaterThanOrEqual(taken);
  await instance[Symbol.asyncDispose]();
  expect(free()).toBe(before);
  scope.close();
});

it.each([
  ['vm:direct+reporting=on', 'vm:direct'],
  ...(minimalKernelIsHere ? [['vm:micro', 'vm:micro+reporting=off']] : []),
] as [string, string][])(
  '%s gives the host what its application needs no more, and %s keeps it',
  async (...ids) => {
    const used = 64 * mebibyte;
    const script = [
      `/bin/busybox dd if=/dev/zero of=/tmp/file bs=1M count=${used / mebibyte}`,
      '/bin/busybox rm /tmp/file',
      'exec /bin/busybox httpd -f -p 8080 -h /www',
    ].join(' && ');
    const workload = await ready(scratch.image.reference, { command: ['/bin/busybox', 'sh', '-c', script] });
    const scope = openScope();
    const both: Instance[] = [];
    for (const id of ids) both.push((await start(workload, scope, undefined, variant(id))).instance);
    for (const instance of both) expect((await page(instance)).status).toBe(200);
    const [giving, keeping] = both as [Instance, Instance];
    const guestBytes = async (instance: Instance) =>
      (await instance.measure()).parts.find(({ part }) => part === 'guest-ram')!.bytes;
    const kept = await guestBytes(keeping);
    expect(kept).toBeGreaterThan(used);
    await expect.poll(() => guestBytes(giving)).toBeLessThan(kept - used / 2);
    expect(await guestBytes(keeping)).toBeGreaterThan(kept - used / 2);
    for (const instance of both) await instance[Symbol.asyncDispose]();
    scope.close();
  },
);

it('vm:direct+hotplug=virtio-mem has all its memory when its application starts, and gives back what is free when it is asked', async () => {
  const [memoryBytes, used] = [512 * mebibyte, 128 * mebibyte];
  const script = [
    '/bin/busybox grep MemTotal /proc/meminfo >/www/memory',
    `/bin/busybox dd if=/dev/zero of=/tmp/file bs=1M count=${used / mebibyte}`,
    '/bin/busybox rm /tmp/file',
    'exec /bin/busybox httpd -f -p 8080 -h /www',
  ].join(' && ');
  const workload = await ready(scratch.image.reference, { command: ['/bin/busybox', 'sh', '-c', script] });
  const scope = openScope();
  const both: Instance[] = [];
  for (const id of ['vm:direct', 'vm:direct+hotplug=virtio-mem'] as const)
    both.push((await start(workload, scope, memoryBytes, variant(id))).instance);
  const totals: number[] = [];
  for (const instance of both)
    totals.push(1024 * Number(/(\d+) kB/.exec((await page(instance, '/memory')).body)![1]));
  const [usual, plugged] = totals as [number, number];
  expect(Math.abs(plugged - usual)).toBeLessThan(0.02 * memoryBytes);

  const instance = both[1]!;
  const ramOf = ({ parts }: TrialMemory) => parts.find(({ part }) => part === 'guest-ram')!.bytes;
  const before = await instance.measure();
  expect(before).toMatchObject({ reservedBytes: memoryBytes, missing: [] });
  expect(ramOf(before)).toBeGreaterThan(used);
  await instance.giveBack!();
  await expect.poll(async () => ramOf(await instance.measure())).toBeLessThan(ramOf(before) - used / 2);
  const after = await instance.measure();
  for (const memory of [before, after])
    expect(memory.inside!.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(ramOf(memory));
  // what was taken back is not taken for what the guest's kernel keeps
  const [kept, keeps] = [before, after].map(
    ({ inside }) => inside!.find(({ part }) => part === 'guest-kernel')!.bytes,
  ) as [number, number];
  expect(Math.abs(keeps - kept)).toBeLessThan(8 * mebibyte);
  expect((await page(instance, '/memory')).status).toBe(200);
  for (const one of both) await one[Symbol.asyncDispose]();
  scope.close();
});

it('vm:direct+hotplug=virtio-mem is not what has no more memory than it starts with, nor what has no driver', async () => {
  const scope = openScope();
  const small = { ...scratch.workload, limits: { memoryBytes: 128 * mebibyte, cpus: 1 } };
  const prepared = (id: TargetId, of = scratch) =>
    variant(id)
      .prepare(of, scope)
      .then(
        () => 'prepared',
        ({ failure }: TareError) => failure,
      );
  expect(await prepared('vm:direct+hotplug=virtio-mem', { ...scratch, workload: small })).toMatchObject({
    code: 'nothing-to-plug',
  });
  expect(await prepared('vm:direct+kernel=minimal+hotplug=virtio-mem')).toMatchObject({
    reason: 'no-virtio-mem',
  });
  scope.close();
});

describe.runIf(minimalKernelIsHere)('with the small kernel', () => {
  it.each([
    ['vm:direct+kernel=minimal', /-machine q35.* -kernel \S+\/kernel-\w+\/vmlinux /],
    ['vm:micro+disk=squashfs', /\.squashfs/],
    ['vm:micro+disk=ext4', /\.ext4/],
    ['vm:micro+console=off', /-append quiet/],
    [
      'vm:micro+cpus=2+memory=64M+console=verbose+reporting=off',
      /-m 64M -smp 2 .* virtio-balloon-device,id=balloon$/,
    ],
  ])('%s', async (id, shown) => {
    expect(await served(id)).toMatch(shown);
  });

  it('vm:micro+disk=initramfs has the whole image in memory: links, owners, and set-user-id bits', async () => {
    expect(await served('vm:micro+disk=initramfs')).not.toContain('virtio-blk');
    const script =
      'test $(id -u) != 0 && root-id -u && readlink /bin && stat -c %U /home/alice && find /usr -links +1 -type f | wc -l';
    const changes = { command: ['sh', '-c', script], user: 'alice' };
    const on = variant('vm:micro+disk=initramfs');
    const { exit, output } = await runIn(await debianImage(), changes, 1024 * mebibyte, { on });
    expect({ exit, output }).toEqual({
      exit: 'exit 0',
      output: expect.stringMatching(/^0\nusr\/bin\nalice\n[1-9]\d*\n$/) as string,
    });
  });
});
