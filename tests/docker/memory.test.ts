import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { createContainerTarget } from '../../main/engine/targets/docker/target';
import type { Instance } from '../../main/engine/targets/target';
import { ready } from '../qemu/machines';
import { holderImage } from '../support/images';
import { known, mebibyte, missedBy, patience } from '../support/knownAnswers';
import { openSession, type Session } from './daemon';

let session: Session;
let image: string;
beforeAll(async () => {
  session = await openSession();
  image = await holderImage();
});
afterAll(() => session.close());

async function holding(command: string[]): Promise<Instance> {
  const target = createContainerTarget({ docker: session.client.docker });
  const { workload, image: facts } = await ready(image, { command });
  const prepared = await target.prepare(
    { workload: { ...workload, command }, image: facts },
    session.scope(),
  );
  const limits = { memoryBytes: 512 * mebibyte, cpus: 1 };
  const instance = await prepared.start(limits, () => undefined, session.scope());
  await vi.waitFor(async () => expect(await instance.output()).toContain('holding'), patience);
  return instance;
}

async function memoryOf(command: string[]): Promise<TrialMemory> {
  await using instance = await holding(command);
  return await instance.measure(); // before it ends
}

describe('what a container holds', () => {
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(['nothing']);
  });

  test.each(known)('is found where it belongs: $name', async (one) => {
    const missed = missedBy(one, 'container', nothing, await memoryOf(one.words));
    for (const mebibytes of Object.values(missed)) expect(mebibytes).toBeLessThan(2);
  });
});

test('a container weighs the same alone and beside others, whose shims share its shim’s program', async () => {
  await using one = await holding(['anonymous', '8']);
  const alone = await one.measure();
  const others = [await holding(['nothing']), await holding(['nothing'])];
  const beside = await one.measure();
  for (const other of others) await other[Symbol.asyncDispose]();
  expect(Math.abs(beside.hostBytes! / alone.hostBytes! - 1)).toBeLessThan(0.03);
  expect(Math.abs(beside.sharedFileBytes! / alone.sharedFileBytes! - 1)).toBeLessThan(0.03);
});
