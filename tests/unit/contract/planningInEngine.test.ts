/** What the window says of a plan is what the engine does with it: the engine's side is a real run on fakes, never a second formula. */
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TareEvent } from '../../../main/contract/events';
import { memoryShort } from '../../../main/contract/planning';
import { Plan, type PlanInput } from '../../../main/contract/plan';
import { limitsOn } from '../../../main/contract/targets';
import type { Run } from '../../../main/contract/run/run';
import { presets } from '../../../main/engine/measure/workloads/presets';
import { takeEvents } from '../../../renderer/state/live/events';
import { resumedRun, type LiveRun } from '../../../renderer/state/live/run';
import { executeStaged, type Staging } from '../../support/fakes/stagedRun';

const mebibyte = 1024 ** 2;
let data: string;
beforeAll(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-planning-'))));
afterAll(() => rmSync(data, { recursive: true }));

/** A host with so much free memory, and room for every instance. */
const host = (bytes: number): Staging['host'] => ({
  availableBytes: () => Promise.resolve(bytes),
  stall: () => undefined,
  load: () => 0,
  diskBytes: () => Promise.resolve(1024 ** 4),
});

/** Waits for nothing, and keeps nothing on disk. */
const quick = { soakMs: 0, coolDownMs: 0, readyTimeoutMs: 60_000 };
const writer = { save: () => Promise.resolve(), append: () => undefined, close: () => Promise.resolve() };

const live = (events: readonly TareEvent[]): LiveRun => takeEvents(undefined, events, 0)!;
const begun = (events: readonly TareEvent[]) => events.find((event) => event.kind === 'run-started');
const starts = (events: readonly TareEvent[]) => events.filter((event) => event.kind === 'trial-started');

/** As far as the beginning of the run: from there on a plan is only carried out. */
async function begin(plan: Plan, freeBytes: number) {
  const stop = new AbortController();
  return executeStaged(data, {
    plan: { ...plan, ...quick, skipUnusable: false, wholeLadder: false },
    host: host(freeBytes),
    writer,
    signal: stop.signal,
    onEvent: ({ kind }) => kind === 'run-started' && stop.abort(),
  });
}

/** The limits of the instances that a run really had up at the same time, at most. */
function mostPromised(events: readonly TareEvent[], { plan }: Run): number {
  let most = 0;
  const up = new Map<string, number>();
  for (const event of events) {
    if (event.kind === 'trial-started') {
      const { limits } = plan.workloads.find(({ name }) => name === event.workload)!;
      up.set(event.trial, limitsOn(event.target, limits).memoryBytes);
    } else if (event.kind === 'trial-ended') up.delete(event.trial.id);
    most = Math.max(
      most,
      [...up.values()].reduce((sum, bytes) => sum + bytes, 0),
    );
  }
  return most;
}

const targets = [
  'process',
  'container',
  'container:crun',
  'vm:micro',
  'vm:micro+memory=2G',
  'vm:direct',
  'vm:full',
];
const someTargets = fc.uniqueArray(fc.constantFrom(...targets), { minLength: 1, maxLength: 4 });
const workloads = fc
  .array(
    fc.record(
      { memoryMiB: fc.integer({ min: 16, max: 8192 }), targets: fc.option(someTargets, { nil: undefined }) },
      { requiredKeys: ['memoryMiB'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ memoryMiB, targets }, at) => ({
      name: `w${at}`,
      image: { kind: 'builtin', name: 'web' } as const,
      limits: { memoryBytes: memoryMiB * mebibyte },
      ...(targets && { targets }),
    })),
  );
const plans = fc
  .record({
    name: fc.constant('generated'),
    workloads,
    targets: someTargets,
    arrangement: fc.constantFrom('alone' as const, 'together' as const),
    trials: fc.integer({ min: 1, max: 4 }),
    warmups: fc.integer({ min: 0, max: 2 }),
    precision: fc.option(fc.constant(0.05), { nil: undefined }),
    density: fc.option(
      fc.record({ most: fc.integer({ min: 2, max: 5 }), ladders: fc.integer({ min: 1, max: 3 }) }),
      { nil: undefined },
    ),
    memoryFloorBytes: fc.integer({ min: 0, max: 1024 }).map((count) => count * mebibyte),
  })
  .map((plan): PlanInput => JSON.parse(JSON.stringify(plan)) as PlanInput)
  .filter((plan) => Plan.safeParse(plan).success);

async function agreeOn(input: PlanInput, freeBytes: number) {
  const plan = Plan.parse(input);
  const { run, events } = await begin(plan, freeBytes);
  const refused = memoryShort(plan, freeBytes);
  expect(run.failure).toEqual(refused ?? { code: 'stopped' });
  if (refused) {
    expect(events.map(({ kind }) => kind)).toEqual(['run-ended']);
    return;
  }
  const lanes = live(events).lanes.map(({ key }) => key);
  const resumed = resumedRun(run, [], { nowMs: 0, dateMs: 0 });
  expect(resumed.lanes.map(({ key }) => key)).toEqual(lanes);
  expect(resumed.of).toBe(begun(events)!.trials);
}

test.each(presets.map((preset) => ({ preset, name: preset.name })))(
  'of the preset $name the window refuses, shows and counts what the engine does',
  async ({ preset }) => {
    for (const gibibytes of [0.25, 1, 4, 7, 8, 16]) await agreeOn(preset, gibibytes * 1024 * mebibyte);
  },
);

test('so it is with any plan', { timeout: 120_000 }, async () => {
  const free = fc.integer({ min: 0, max: 24 * 1024 }).map((count) => count * mebibyte);
  await fc.assert(fc.asyncProperty(plans, free, agreeOn), { numRuns: 500 });
});

test('claims is not refused with 8 GiB free: nothing of it takes more than 7', async () => {
  await agreeOn(
    presets.find(({ name }) => name === 'claims')!,
    8192 * mebibyte,
  );
  expect(
    memoryShort(Plan.parse(presets.find(({ name }) => name === 'claims')), 8192 * mebibyte),
  ).toBeUndefined();
});

test(
  'a run that is carried out starts what was told, and has no more up than was promised',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        plans.filter((plan) => plan.trials < 3 && plan.precision === undefined),
        async (input) => {
          const { run, events } = await executeStaged(data, {
            plan: { ...Plan.parse(input), ...quick },
            host: host(1024 ** 4),
            writer,
          });
          expect(run.state).toBe('done');
          expect(starts(events)).toHaveLength(begun(events)!.trials);
          expect(new Set(starts(events).map(({ workload, target }) => `${workload}/${target}`))).toEqual(
            new Set(live(events).lanes.map(({ key }) => key)),
          );
          const most = mostPromised(events, run);
          const plan = Plan.parse(input);
          if (!plan.density) {
            expect(memoryShort(plan, most + plan.memoryFloorBytes)).toBeUndefined();
            expect(memoryShort(plan, most + plan.memoryFloorBytes - 1)).toMatchObject({ neededBytes: most });
          }
        },
      ),
      { numRuns: 20 },
    );
  },
);
