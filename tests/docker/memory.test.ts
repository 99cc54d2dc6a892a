import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { holderImage } from '../support/images';
import { known, missedBy } from '../support/knownAnswers';
import { openSession, type Session } from './daemon';
import { holding, memoryOf, type Holder } from './holding';

let session: Session;
let holder: Holder;
beforeAll(async () => {
  session = await openSession();
  holder = { session, image: await holderImage() };
});
afterAll(() => session.close());

describe('what a container holds', () => {
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(holder, ['nothing']);
  });

  test.each(known)('is found where it belongs: $name', async (one) => {
    const missed = missedBy(one, 'container', nothing, await memoryOf(holder, one.words));
    for (const mebibytes of Object.values(missed)) expect(mebibytes).toBeLessThan(2);
  });
});

test('a container weighs the same alone and beside others, whose shims share its shim’s program', async () => {
  await using one = await holding(holder, ['anonymous', '8']);
  const alone = await one.measure();
  const others = [await holding(holder, ['nothing']), await holding(holder, ['nothing'])];
  const beside = await one.measure();
  for (const other of others) await other[Symbol.asyncDispose]();
  expect(Math.abs(beside.hostBytes! / alone.hostBytes! - 1)).toBeLessThan(0.03);
  expect(Math.abs(beside.sharedFileBytes! / alone.sharedFileBytes! - 1)).toBeLessThan(0.03);
});
