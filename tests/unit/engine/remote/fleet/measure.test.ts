/** How long one host is waited for. */
import pLimit from 'p-limit';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FleetHost } from '../../../../../main/contract/fleet/fleet';
import type { DockerClient } from '../../../../../main/engine/base/docker/client';
import { hostLimits } from '../../../../../main/engine/remote/fleet/limits';
import { measureOn, type FleetParts } from '../../../../../main/engine/remote/fleet/measure';
import { fakeRecord } from '../../../../support/fakes/fakeAnswers';
import { answering, hostThat, record, start, wayTo, type Far } from '../../../../support/fleet/channels';
import { id, plan, runId } from '../../../../support/fleet/collecting';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const parts: FleetParts = {
  plan: { plan, images: [] },
  anyway: false,
  record: {
    samples: () => ({ append: () => Promise.resolve(), close: () => Promise.resolve() }),
    keep: () => Promise.resolve(fakeRecord(plan, runId)),
    run: () => Promise.resolve(fakeRecord(plan, runId)),
    save: () => Promise.resolve(),
  },
  engine: () => Promise.reject(new Error('no image is sent')),
  signal: new AbortController().signal,
  emit: () => undefined,
  run: id,
  turns: {
    connecting: pLimit(1),
    asking: pLimit(1),
    sending: pLimit(1),
    homecoming: pLimit(1),
  },
  keepsUser: false,
  limits: { ...hostLimits, silentMs: 1e9 }, // of signs of life other tests tell
};

/** Begins to measure on a host whose run goes on until the test has it say more. */
async function measuring(): Promise<{ far: Far; row: Promise<Omit<FleetHost, 'run'>> }> {
  let row!: Promise<Omit<FleetHost, 'run'>>;
  const far = await new Promise<Far>((begun) => {
    const run = (host: Far) => (host.say(start), begun(host));
    row = measureOn({ name: 'a', way: 'ssh', reach: hostThat({ run }) }, parts);
  });
  return { far, row };
}

it('a run that tells something of itself may take as long as it likes', async () => {
  const { far, row } = await measuring();
  for (let hour = 0; hour < 24; hour += 1) {
    await vi.advanceTimersByTimeAsync(hostLimits.newsMs - 1);
    far.say({ kind: 'samples', run: runId, samples: [] });
  }
  await vi.advanceTimersByTimeAsync(hostLimits.newsMs - 1);
  far.say(record);
  expect(await row).toMatchObject({ outcome: 'ok', runId });
});

it('a run of which nothing is told any more is given up', async () => {
  const { row } = await measuring();
  await vi.advanceTimersByTimeAsync(hostLimits.newsMs + 1);
  expect(await row).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: hostLimits.newsMs },
  });
});

const image = { reference: 'app:1', os: 'linux', architecture: 'amd64', fingerprint: 'of this computer' };
const found = { os: 'linux', architecture: 'amd64', fingerprint: 'of the host' };
const docker = {
  docker: { getImage: () => ({ get: () => Promise.resolve(Readable.from([Buffer.from('layers')])) }) },
} as unknown as DockerClient;

it.each<['image find' | 'image load', keyof typeof hostLimits]>([
  ['image find', 'findMs'],
  ['image load', 'imageMs'],
])('a host that never answers to %s is given up', async (unanswered, limit) => {
  const reach = hostThat({ 'image find': answering(found), [unanswered]: () => undefined });
  const row = measureOn(
    { name: 'a', way: 'ssh', reach },
    { ...parts, plan: { plan, images: [image] }, engine: () => Promise.resolve(docker) },
  );
  await vi.advanceTimersByTimeAsync(hostLimits[limit] - 1);
  const state = await Promise.race([row, Promise.resolve('waiting')]);
  expect(state).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(await row).toMatchObject({
    outcome: 'failed',
    failure: { code: 'agent-silent', afterMs: hostLimits[limit] },
  });
});

it('a host whose turn comes after a stop is not even reached', async () => {
  const reach = wayTo(() => expect.unreachable());
  const stopped = { ...parts, signal: AbortSignal.abort() };
  expect(await measureOn({ name: 'a', way: 'ssh', reach }, stopped)).toMatchObject({ outcome: 'stopped' });
});
