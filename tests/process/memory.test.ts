import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { createProcessTarget } from '../../main/engine/measure/targets/process/target';
import { freePort } from '../../main/engine/base/process/ports';
import { openScope, ready, type TestScope } from '../qemu/machines';
import { sharedCache } from '../support/cache';
import { exported, holderImage, testKit } from '../support/images';
import { known, missedBy } from '../support/knownAnswers';
import { patience } from '../support/patience';

let image: string;
let scope: TestScope;
beforeAll(async () => {
  image = await holderImage();
  scope = openScope();
});
afterAll(() => scope.close());

async function memoryOf(command: string[], privileged: boolean): Promise<TrialMemory> {
  const target = createProcessTarget({
    cacheFolder: sharedCache(),
    ensureKit: testKit,
    exportImage: ({ image }) => exported(image.reference),
    privileged,
  });
  const workload = await ready(image, { command, port: await freePort() });
  const prepared = await target.prepare(workload, scope);
  await using instance = await prepared.start(workload.workload.limits, () => undefined, scope);
  await vi.waitFor(async () => expect(await instance.output()).toContain('holding'), patience);
  return await instance.measure(); // before it ends
}

describe('with a control group of its own', () => {
  let nothing: TrialMemory;
  beforeAll(async () => {
    nothing = await memoryOf(['nothing'], true);
  });

  test.each(known)('$name is found where it belongs', async (one) => {
    const missed = missedBy(one, 'process', nothing, await memoryOf(one.words, true));
    for (const mebibytes of Object.values(missed)) expect(mebibytes).toBeLessThan(2);
  });
});
