/** A container of the test image that holds an amount of memory that is known, once it holds it. */
import { expect, vi } from 'vitest';
import type { TrialMemory } from '../../main/contract/run/run';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import type { Instance } from '../../main/engine/measure/targets/target';
import { ready } from '../qemu/machines';
import { mebibyte } from '../support/knownAnswers';
import { patience } from '../support/patience';
import type { Session } from './daemon';

export interface Holder {
  session: Session;
  image: string;
  /** default: the engine's own */
  runtime?: string;
}

export async function holding({ session, image, runtime }: Holder, command: string[]): Promise<Instance> {
  const target = createContainerTarget({ docker: session.client.docker, ...(runtime && { runtime }) });
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

export async function memoryOf(holder: Holder, command: string[]): Promise<TrialMemory> {
  await using instance = await holding(holder, command);
  return await instance.measure(); // before it ends
}
