import { expect, test } from 'vitest';
import type { Sample } from '../../../../main/contract/run/run';
import { startSampler } from '../../../../main/engine/sampling/sampler';
import { sleep } from '../../../../main/engine/signals';

const quiet = {
  read: () => Promise.resolve({ residentBytes: 1, cpuMs: 2 }),
  measure: () => Promise.resolve({ reservedBytes: 1, hostBytes: 9, parts: [], missing: [] }),
};

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
    ...quiet,
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

test('the costly reading is rationed, and shared out in turn', async () => {
  const measured: string[] = [];
  const sampler = startSampler({ periodMs: 10, originMs: performance.now(), take: () => {} });
  for (const name of ['a', 'b', 'c', 'd']) {
    sampler.add(name, {
      ...quiet,
      measure: () => {
        measured.push(name);
        return quiet.measure();
      },
    });
  }
  await expect.poll(() => measured.length).toBeGreaterThanOrEqual(5);
  await sampler.stop();
  expect(measured.slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'a']);
});

test('an instance that cannot be read leaves a sample without figures, never zeros', async () => {
  const samples: Sample[] = [];
  const sampler = startSampler({
    periodMs: 10,
    originMs: performance.now(),
    take: (tick) => samples.push(...tick),
  });
  sampler.add('gone', { read: () => Promise.reject(new Error('gone')), measure: quiet.measure });
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
  sampler.add('slow', { ...quiet, read: () => sleep(200).then(() => ({ residentBytes: 1 })) });
  await expect.poll(() => ticks).toBeGreaterThan(4);
  await sampler.stop();
  expect(sampler.ownLoad()).toBeLessThan(0.5); // its ticks took nearly all of the time
});
