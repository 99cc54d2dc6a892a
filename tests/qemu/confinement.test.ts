/** What holds QEMU on the machines that are up in seconds; the full system's part is in full.test.ts. */
import { beforeAll, expect, it } from 'vitest';
import type { ReadyWorkload } from '../../main/engine/images/image/facts';
import { scratchImage } from '../support/images';
import { noMinimalKernel } from '../support/kernel';
import { expectConfined } from './confinement';
import { micro, openScope, page, ready, snapshot, start, target } from './machines';

noMinimalKernel();

let workload: ReadyWorkload;
beforeAll(async () => void (workload = await ready(await scratchImage())));

it.each([
  ['vm:direct', target],
  ['vm:micro', micro],
  ['vm:snapshot', snapshot],
])('%s: QEMU is confined, and all of it can be measured and ended all the same', async (_, on) => {
  const scope = openScope();
  const { instance } = await start(workload, scope, undefined, on());
  expect((await page(instance)).status).toBe(200);
  expectConfined(instance);
  const memory = await instance.measure();
  expect(memory.missing).toEqual([]);
  expect(memory.hostBytes).toBeGreaterThan(0);
  expect(await instance.cpuMs()).toBeGreaterThan(0);
  expect((await instance.disk()).vmDiskBytes).toBeGreaterThan(0);
  expect(await instance.stop()).not.toBe('forced');
  scope.close();
});
