import { expect, test } from 'vitest';
import type { Sample } from '../../../../../main/contract/run/run';
import { startSampler } from '../../../../../main/engine/measure/sampling/sampler';
import { sleep } from '../../../../../main/engine/base/signals';

test('a slow reading makes ticks be skipped: they neither overlap nor bunch', async () => {
  const samples: Sample[] = [];
  let inside = 0;
  let most = 0;
  const sampler = startSampler({
    periodMs: 20,
    originMs: performance.now(),
    take: (tick) => samples.push(...tick),
  });
  sampler.add('slow', {
    read: async () => {
      most = Math.max(most, (inside += 1));
      await sleep(70);
      inside -= 1;
      return { residentBytes: 1 };
    },
  });
  await expect.poll(() => samples.filter((sample) => sample.kind === 'host').length).toBeGreaterThan(5);
  await sampler.stop();
  expect(most).toBe(1);
  const at = samples.flatMap((sample) => (sample.kind === 'host' ? [sample.atMs] : []));
  const gaps = at.slice(2).map((value, index) => value - at[index + 1]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(70);
});

test('an instance that cannot be read leaves a sample without figures, never zeros', async () => {
  const samples: Sample[] = [];
  const sampler = startSampler({
    periodMs: 10,
    originMs: performance.now(),
    take: (tick) => samples.push(...tick),
  });
  sampler.add('gone', { read: () => Promise.reject(new Error('gone')) });
  await expect.poll(() => samples.some((sample) => sample.kind === 'instance')).toBe(true);
  await sampler.stop();
  const { kind, trial, residentBytes } = samples.find((sample) => sample.kind === 'instance') as Extract<
    Sample,
    { kind: 'instance' }
  >;
  expect({ kind, trial, residentBytes }).toEqual({
    kind: 'instance',
    trial: 'gone',
    residentBytes: undefined,
  });
});

test('nothing is taken after stop, and the sampler knows its own cost', async () => {
  let ticks = 0;
  const sampler = startSampler({ periodMs: 10, originMs: performance.now(), take: () => (ticks += 1) });
  await expect.poll(() => ticks).toBeGreaterThan(2);
  await sampler.stop();
  const before = ticks;
  await sleep(40);
  expect(ticks).toBe(before);
  expect(sampler.ownLoad()).toBeGreaterThan(0);
});

test('waiting for an answer is not taken for CPU time', async () => {
  let ticks = 0;
  const sampler = startSampler({ periodMs: 20, originMs: performance.now(), take: () => (ticks += 1) });
  sampler.add('slow', { read: () => sleep(200).then(() => ({ residentBytes: 1 })) });
  await expect.poll(() => ticks).toBeGreaterThan(4);
  await sampler.stop();
  expect(sampler.ownLoad()).toBeLessThan(0.5); // its ticks took nearly all of the time
});
