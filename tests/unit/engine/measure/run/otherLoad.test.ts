import { expect, test } from 'vitest';
import type { Sample, Trial } from '../../../../../main/contract/run/run';
import { otherLoad } from '../../../../../main/engine/measure/run/otherLoad';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const periodMs = 250;
const cores = 2;

/** A run of one trial that is started at 1 s, ready at 2 s, read at 5 s and gone at 6 s. */
function oneTrial() {
  const run = fakeRun();
  run.environment.host.cores = cores;
  const phases: Trial['phases'] = [
    { name: 'start', atMs: 0 },
    { name: 'ready', atMs: 1000 },
    { name: 'measured', atMs: 4000 },
    { name: 'stopping', atMs: 4000 },
    { name: 'stopped', atMs: 5000 },
  ];
  run.trials = [{ ...run.trials[0]!, startMs: 1000, phases }];
  return run;
}

/** Busy by what others take, and by one processor's half while the instance is ready; all of it while it starts and stops. */
const samplesWith = (others: number): Sample[] =>
  Array.from({ length: 28 }, (_, tick) => tick * periodMs).flatMap((atMs): Sample[] => {
    const isReady = atMs > 2000 && atMs <= 5000;
    const load = isReady ? others + 0.5 / cores : 1;
    const host: Sample = { kind: 'host', atMs, lateMs: 0, costMs: 0, load };
    const trial = 'web/container/0';
    return atMs >= 1000 && atMs < 6000 ? [host, { kind: 'instance', trial, atMs, cpuMs: atMs / 2 }] : [host];
  });

test('what others take is what was busy less the instances’ own, while nothing starts or stops', () => {
  expect(otherLoad(oneTrial(), samplesWith(0.4))).toBeCloseTo(0.4);
  expect(otherLoad(oneTrial(), samplesWith(0))).toBeCloseTo(0);
});

test('without a calm reading, or without the number of processors, there is no figure', () => {
  const run = oneTrial();
  expect(otherLoad(run, samplesWith(0.4).slice(0, 8))).toBeUndefined();
  run.trials[0]!.phases = run.trials[0]!.phases.slice(0, 1);
  expect(otherLoad(run, samplesWith(0.4))).toBeUndefined();
  expect(
    otherLoad({ ...oneTrial(), environment: { ...run.environment, host: {} } }, samplesWith(0.4)),
  ).toBeUndefined();
});
