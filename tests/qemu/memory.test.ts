import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { holderImage } from '../support/images';
import { known, mebibyte, missedBy } from '../support/knownAnswers';
import { patience } from '../support/patience';
import { micro, openScope, ready, start, target, type TestScope } from './machines';

let image: string;
let scope: TestScope;
beforeAll(async () => {
  image = await holderImage();
  scope = openScope();
});
afterAll(() => scope.close());

/**
 * In MiB, what two boots of the same guest differ by: its kernel touches more or less in passing, where the host gives huge pages each of
 * the places that it touches is rounded to 2 MiB, and an emulated processor's translated code grows by that.
 */
const boots = 16;

describe.each([
  ['vm:direct', target],
  ['vm:micro', micro],
] as const)('what a %s holds', (_, design) => {
  async function memoryOf(command: string[]): Promise<TrialMemory> {
    const workload = await ready(image, { command });
    const { instance } = await start(workload, scope, 384 * mebibyte, design());
    await using machine = instance;
    await vi.waitFor(async () => expect(await machine.output()).toContain('holding'), patience);
    return await machine.measure(); // before it ends
  }
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(['nothing']);
  });

  test.each(known)('is found where it belongs: $name', async (one) => {
    const missed = missedBy(one, 'vm', nothing, await memoryOf(one.words));
    expect(missed.own).toBeLessThan(boots);
    expect(missed.shared).toBeLessThan(2); // a mapped library more or less of QEMU’s
    expect(missed.written).toBeLessThan(2);
  });
});
