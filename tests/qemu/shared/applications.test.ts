/** Several applications in one machine: what each finds around it, what it is charged with, and what becomes of the others when it ends. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSharedTarget } from '../../../main/engine/measure/targets/qemu/shared/target';
import type { Instance, SharedMachine } from '../../../main/engine/measure/targets/target';
import type { ImageFacts, ReadyWorkload } from '../../../main/engine/images/image/facts';
import { sharedCache } from '../../support/cache';
import { debianImage, exported, holderImage, scratchImage } from '../../support/images';
import { patience } from '../../support/patience';
import { mebibyte, openScope, page, ready, type TestScope } from '../machines';

const target = createSharedTarget({
  cacheFolder: sharedCache(),
  exportImage: ({ image }) => exported(image.reference),
});

let scope: TestScope;
let images: Record<'debian' | 'scratch' | 'holder', string>;
beforeAll(async () => {
  scope = openScope();
  images = { debian: await debianImage(), scratch: await scratchImage(), holder: await holderImage() };
});
afterAll(() => scope.close());

interface Asked extends Partial<ImageFacts> {
  name: string;
  image: keyof typeof images;
  memoryBytes?: number;
}

async function workload({
  name,
  image,
  memoryBytes = 64 * mebibyte,
  ...changes
}: Asked): Promise<ReadyWorkload> {
  const made = await ready(images[image], changes);
  return { ...made, workload: { ...made.workload, name, limits: { memoryBytes, cpus: 0.5 } } };
}

/** A machine with these, all of them started. */
async function machineWith(...asked: Asked[]) {
  const all = await Promise.all(asked.map(workload));
  const [prepared] = await target.prepareTogether!(all, scope);
  const phases: string[] = [];
  const machine: SharedMachine = await prepared!.openMachine!((name) => phases.push(name), scope);
  const instances: Record<string, Instance> = {};
  for (const { name } of asked) instances[name] = await machine.start(name, () => undefined, scope);
  return { machine, instances, phases, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
}

const said = (instance: Instance, text: string) =>
  vi.waitFor(async () => expect(await instance.output()).toContain(text), patience);

const look = `
  hostname
  cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max
  ls /proc | grep -c '^[0-9]'
  ls /dev | tr '\\n' ' '; echo
  grep CapBnd /proc/self/status
  mknod /tmp/disk b 254 0 2>&1 || echo no node
  echo 1 > /proc/sys/kernel/panic 2>/dev/null || echo no setting
  echo seen; sleep 1000`;

test('each has its own name, limits, processes, devices and ports, and no right over the machine', async () => {
  const command = ['sh', '-c', look];
  await using group = await machineWith(
    { name: 'one', image: 'debian', command, memoryBytes: 96 * mebibyte },
    { name: 'two', image: 'debian', command },
    { name: 'three', image: 'scratch' },
    { name: 'four', image: 'scratch' },
  );
  const { one, two, three, four } = group.instances;
  expect(group.phases).toEqual(expect.arrayContaining(['spawned', 'init', 'waiting']));
  for (const [instance, name, bytes] of [
    [one!, 'one', 96 * mebibyte],
    [two!, 'two', 64 * mebibyte],
  ] as const) {
    await said(instance, 'seen');
    const lines = (await instance.output()).split('\n');
    expect(lines.slice(0, 3)).toEqual([name, `${bytes}`, '50000 100000']);
    expect(Number(lines[3])).toBeLessThan(8); // its own alone: the machine has dozens
    expect(lines[4]).not.toMatch(/vd|ttyS/);
    expect(lines[4]!.split(' ')).toEqual(expect.arrayContaining(['null', 'pts', 'shm', 'urandom']));
    expect(lines[5]).toBe('CapBnd:\t00000000a00425fb'); // Docker's, less MKNOD
    expect(lines.slice(6)).toEqual(expect.arrayContaining(['no node', 'no setting']));
  }
  // both listen on 8080
  expect((await page(three!)).body).toBe('hello from scratch\n');
  expect((await page(four!)).body).toBe('hello from scratch\n');
  expect(three!.port).not.toBe(four!.port);
  expect(await group.machine.stop()).toBe('polite');
});

describe('the accounts', () => {
  test('charge each with what it holds, and the machine with all of it', async () => {
    const command = ['anonymous', '40'];
    await using group = await machineWith(
      { name: 'nothing', image: 'holder', command: ['nothing'] },
      { name: 'holder', image: 'holder', command },
      { name: 'web', image: 'scratch' },
    );
    const { nothing, holder, web } = group.instances;
    await said(nothing!, 'holding');
    await said(holder!, 'holding');
    await page(web!);
    const memory = {
      none: await nothing!.measure(),
      held: await holder!.measure(),
      served: await web!.measure(),
    };
    const { none, held, served } = memory;
    const all = await group.machine.measure();
    expect(Object.values({ ...memory, all }).flatMap(({ missing }) => missing)).toEqual([]);
    // the guest's kernel gathers what each of its two processors has charged in batches of 256 KiB
    expect(Math.abs((held.guestUsedBytes! - none.guestUsedBytes!) / mebibyte - 40)).toBeLessThan(1.1);
    const ofApplications = none.guestUsedBytes! + held.guestUsedBytes! + served.guestUsedBytes!;
    expect(all.reservedBytes).toBe(3 * 64 * mebibyte);
    expect(all.hostBytes).toBeGreaterThan(ofApplications);
    // what the guest says of all its applications is what it says of each, but for its own first program
    const application = (memory: typeof all) =>
      memory.inside!.find(({ part }) => part === 'guest-application')!.bytes;
    const ofEach = [none, held, served].reduce((sum, one) => sum + application(one), 0);
    expect(Math.abs(application(all) - ofEach) / mebibyte).toBeLessThan(2);
    expect(await group.machine.cpuMs()).toBeGreaterThan(0);
  });
});

test('one that ends, is killed, takes too much memory or cannot be started does not end the others', async () => {
  const ending = (name: string, end: string): Asked => ({
    name,
    image: 'debian',
    command: ['sh', '-c', `echo last words; ${end}`],
  });
  const asked: Asked[] = [
    { name: 'web', image: 'scratch', memoryBytes: 256 * mebibyte },
    ending('killed', 'kill -9 $$'),
    ending('ended', 'exit 3'),
    { name: 'greedy', image: 'holder', command: ['anonymous', '100'], memoryBytes: 32 * mebibyte },
    { name: 'wrong', image: 'scratch', entrypoint: [], command: ['/nowhere'] },
  ];
  const all = await Promise.all(asked.map(workload));
  const [prepared] = await target.prepareTogether!(all, scope);
  await using machine = await prepared!.openMachine!(() => undefined, scope);
  const start = (name: string) => machine.start(name, () => undefined, scope);
  const web = await start('web');
  for (const [name, exit, output] of [
    ['killed', 'signal SIGKILL', 'last words'],
    ['ended', 'exit 3', 'last words'],
    ['greedy', 'out of memory', ''],
  ] as const) {
    const instance = await start(name);
    expect(await instance.ended).toMatchObject({ exit, output: expect.stringContaining(output) as string });
    expect(await instance.stop()).toBe('by-itself');
  }
  await expect(start('wrong')).rejects.toMatchObject({
    failure: { code: 'guest-refused', reason: expect.stringContaining('no-such-command') as string },
  });
  expect((await page(web)).body).toBe('hello from scratch\n');
  expect(await web.stop()).toBe('polite');
  expect(await machine.stop()).toBe('polite');
});

test('alone in its machine, an application is measured with all of it', async () => {
  const memoryBytes = 128 * mebibyte;
  const prepared = await target.prepare(
    await workload({ name: 'web', image: 'scratch', memoryBytes }),
    scope,
  );
  const limits = { memoryBytes, cpus: 0.5 };
  await using instance = await prepared.start(limits, () => undefined, scope);
  expect((await page(instance)).status).toBe(200);
  const { hostBytes, parts } = await instance.measure();
  expect(parts.map(({ part }) => part)).toEqual(expect.arrayContaining(['guest-ram', 'vmm']));
  expect(hostBytes).toBeGreaterThan(20 * mebibyte);
  expect(await instance.stop()).toBe('polite');
});
