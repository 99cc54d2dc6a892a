/** The smallest and the largest machine that can be asked for: it boots, answers, and has what it was given. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchImage } from '../support/images';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, micro, openScope, page, ready, start, target } from './machines';

noMinimalKernel();
let scratch: string;
beforeAll(async () => void (scratch = await scratchImage()));

const tell = `b=/bin/busybox; $b nproc >/www/cpus; $b grep MemTotal /proc/meminfo >/www/memory
exec $b httpd -f -p 8080 -h /www`;

/** What the kernel of a machine with these limits says of its processors and its memory. */
async function machineOf(on: typeof target, cpus: number, memoryBytes: number) {
  const scope = openScope();
  const workload = await ready(scratch, { command: ['/bin/busybox', 'sh', '-c', tell] });
  const { instance } = await start(workload, scope, memoryBytes, on(), cpus);
  const processors = Number((await page(instance, '/cpus')).body);
  const kibibytes = Number(/(\d+) kB/.exec((await page(instance, '/memory')).body)![1]);
  await instance[Symbol.asyncDispose]();
  scope.close();
  return { processors, memoryBytes: kibibytes * 1024 };
}

const gibibyte = 1024 * mebibyte;

it('vm:direct has 8 processors and 8 GiB', async () => {
  const { processors, memoryBytes } = await machineOf(target, 8, 8 * gibibyte);
  expect(processors).toBe(8);
  expect(memoryBytes).toBeGreaterThan(7.5 * gibibyte);
  expect(memoryBytes).toBeLessThanOrEqual(8 * gibibyte);
});

describe.runIf(minimalKernelIsHere)('vm:micro', () => {
  it('has 8 processors and 8 GiB', async () => {
    const { processors, memoryBytes } = await machineOf(micro, 8, 8 * gibibyte);
    expect(processors).toBe(8);
    expect(memoryBytes).toBeGreaterThan(7.5 * gibibyte);
    expect(memoryBytes).toBeLessThanOrEqual(8 * gibibyte);
  });

  it('has 1 processor and 64 MiB', async () => {
    const { processors, memoryBytes } = await machineOf(micro, 1, 64 * mebibyte);
    expect(processors).toBe(1);
    expect(memoryBytes).toBeGreaterThan(40 * mebibyte);
    expect(memoryBytes).toBeLessThanOrEqual(64 * mebibyte);
  });
});
