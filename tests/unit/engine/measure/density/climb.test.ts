import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DensityLadder } from '../../../../../main/contract/run/density';
import { Plan, type PlanInput } from '../../../../../main/contract/plan';
import type { Trial } from '../../../../../main/contract/run/run';
import { climb, emptyLadder } from '../../../../../main/engine/measure/density/climb';
import type { HostCapacity } from '../../../../../main/engine/measure/density/hostCapacity';
import { predict } from '../../../../../main/engine/results/report/estimates/prediction';
import type { RunningTrial } from '../../../../../main/engine/measure/trial/trial';

/** What answers for every instance. */
const application = http.createServer((_, response) => response.writeHead(200).end('page'));
beforeAll(() => new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve)));
afterAll(() => void application.close());

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** A host with so much memory, whose instances all cost the same beside what the first brings with it. */
interface Small {
  availableBytes: number;
  floorBytes: number;
  eachBytes: number;
  sharedBytes?: number;
  threads?: number;
  threadsEach?: number;
  cores?: number;
  /** CPU time of an idle instance, ms per second */
  cpuEach?: number;
  /** share of the last ten seconds in which work waited for memory, in percent */
  pressure?: () => number;
  /** these do not answer once they are up */
  silent?: number[];
  diskBytes?: number;
  /** the n-th does not start */
  fails?: number;
}

function climbOn(small: Small, density: PlanInput['density'], signal = new AbortController().signal) {
  const plan = Plan.parse({
    name: 'density',
    workloads: [
      { name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 64 * mebibyte } },
    ],
    targets: ['container'],
    trials: 1,
    soakMs: 10,
    memoryFloorBytes: small.floorBytes,
    density: { ladders: 1, ...density! },
  });
  let up = 0;
  let most = 0;
  let [reading, mostReading] = [0, 0];
  const { eachBytes, sharedBytes = 0, threads = 1e6, threadsEach = 3, cores = 4 } = small;
  const taken = () => (up > 0 ? sharedBytes + up * eachBytes : 0);
  const bornMs = performance.now();
  const host: HostCapacity = {
    availableBytes: () => Promise.resolve(small.availableBytes - taken()),
    spareBytes: () => Promise.resolve(small.availableBytes - taken()),
    threads: () => 100 + up * threadsEach,
    files: () => 1000 + up * 40,
    stall: (name) =>
      name === 'memory'
        ? { someAvg10: small.pressure?.() ?? 0, totalMs: performance.now() - bornMs }
        : undefined,
    load: () => Math.min(1, (up * (small.cpuEach ?? 0)) / 1000 / cores),
    diskBytes: () => Promise.resolve(small.diskBytes ?? 100 * gibibyte),
    capacity: (_, floorBytes) =>
      Promise.resolve({
        floorBytes,
        availableBytes: small.availableBytes,
        spareBytes: small.availableBytes,
        threads,
        cores,
        ports: 10_000,
      }),
  };
  const ended: Trial[] = [];
  const start = (index: number): Promise<RunningTrial> => {
    const failed = small.fails === index;
    up += 1;
    most = Math.max(most, up);
    const record = {
      id: `web/container/${index}`,
      index,
      outcome: failed ? 'failed' : 'ok',
      memory: { parts: [], missing: [] },
      disk: {},
      ...(failed && { failure: { code: 'ended-early', exit: 'exit 1', output: '' } }),
    } as unknown as Trial;
    const { port } = application.address() as AddressInfo;
    const instance = {
      host: '127.0.0.1',
      port: small.silent?.includes(index) ? 1 : port,
      ended: new Promise(() => undefined),
      cpuMs: () => Promise.resolve(((performance.now() - bornMs) / 1000) * (small.cpuEach ?? 0)),
    } as unknown as NonNullable<RunningTrial['instance']>;
    return Promise.resolve({
      record,
      instance,
      measure: async () => {
        reading += 1;
        mostReading = Math.max(mostReading, reading);
        await new Promise((resolve) => setImmediate(resolve));
        reading -= 1;
        record.memory.hostBytes = taken() / up;
        record.disk.writtenBytes = 0;
      },
      mustAnswer: () => Promise.resolve(),
      fail: () => undefined,
      end: () => {
        up -= 1;
        return Promise.resolve(record);
      },
    });
  };
  const ladder = emptyLadder(plan.workloads[0]!, 'container', 0);
  const climbing = climb(
    ladder,
    plan.workloads[0]!,
    plan as Plan & { density: NonNullable<Plan['density']> },
    {
      host,
      signal,
      start,
      ending: () => undefined,
      ended: (trial) => ended.push(trial),
      isOver: () => false,
    },
  );
  return { ladder, climbing, ended, left: () => up, most: () => most, atOnce: () => mostReading };
}

async function finished(small: Small, density: PlanInput['density']) {
  const staged = climbOn(small, density);
  await staged.climbing;
  expect(staged.left()).toBe(0);
  return staged;
}

const roomy = { availableBytes: 8 * gibibyte, floorBytes: gibibyte, eachBytes: 20 * mebibyte };

describe('a ladder on a roomy host', () => {
  test('climbs as high as asked for, reads each count, and ends everything', async () => {
    const { ladder, ended } = await finished(roomy, { most: 8 });
    expect(ladder).toMatchObject({ ended: 'most', reached: 8, keptBytes: 0 });
    expect(ladder.steps.map(({ count }) => count)).toEqual([1, 2, 4, 8]);
    expect(ladder.steps[3]).toMatchObject({ hostBytes: 160 * mebibyte, hostChangeBytes: 160 * mebibyte });
    expect(ended.map(({ index, upBefore }) => [index, upBefore])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => [index, index]),
    );
  });

  test('predicts what would fit, from what is available above the floor', async () => {
    const { ladder } = await finished({ ...roomy, sharedBytes: 100 * mebibyte }, { most: 8 });
    const found = predict([ladder])!;
    expect(found.limit).toBe('memory');
    expect(found.count).toBe(Math.floor((7 * 1024 - 100) / 20));
    expect(found.interval).toBeUndefined(); // one ladder tells nothing of its own error
  });

  test('names threads when they run out first', async () => {
    const { ladder } = await finished({ ...roomy, threads: 1500, threadsEach: 10 }, { most: 4 });
    expect(predict([ladder])).toMatchObject({ limit: 'threads', count: 150 });
  });

  test('names processor time when idle instances take it', async () => {
    const { ladder } = await finished({ ...roomy, cpuEach: 100 }, { most: 4 });
    const found = predict([ladder])!;
    expect(found.limit).toBe('cpu');
    expect(found.count).toBeGreaterThan(25); // 4 cores × 90 % ∕ 10 %
    expect(found.count).toBeLessThan(45);
  });
});

test('each count tells who still answers, and how long work waited since the count before', async () => {
  const { ladder } = await finished({ ...roomy, silent: [1, 6] }, { most: 8 });
  expect(ladder.steps.map(({ answered }) => answered?.good)).toEqual([1, 1, 3, 6]);
  for (const { pressure, readingMs } of ladder.steps) {
    expect(Object.keys(pressure!)).toEqual(['memory']); // the others are not told by this host
    expect(pressure!.memory!.stalledMs).toBeGreaterThanOrEqual(10); // the soak
    expect(readingMs).toBeGreaterThanOrEqual(0);
  }
  expect(ladder.steps.map(({ files }) => files)).toEqual([40, 80, 160, 320]);
});

test('what an instance takes is read of a few at a time, however many there are', async () => {
  const staged = climbOn({ ...roomy }, { most: 20 });
  await staged.climbing;
  expect(staged.atOnce()).toBeGreaterThan(1);
  expect(staged.atOnce()).toBeLessThanOrEqual(8);
});

describe('the guard', () => {
  const tight = { availableBytes: gibibyte, floorBytes: 700 * mebibyte, eachBytes: 50 * mebibyte };

  test('stops before the floor is reached, measures what is up, and ends everything', async () => {
    const { ladder } = await finished(tight, { most: 64 });
    expect(ladder).toMatchObject({ ended: 'guard', guard: 'memory' });
    const lowest = Math.min(...ladder.steps.map(({ availableBytes }) => availableBytes!));
    expect(lowest).toBeGreaterThanOrEqual(700 * mebibyte);
    expect(ladder.reached).toBeGreaterThanOrEqual(4);
    expect(ladder.steps.at(-1)!.count).toBe(ladder.reached);
  });

  test('a proof goes on after the ladder, to where the prediction said', async () => {
    const { ladder } = await finished(
      { availableBytes: 4 * gibibyte, floorBytes: gibibyte, eachBytes: 50 * mebibyte },
      { most: 8, prove: true },
    );
    expect(ladder).toMatchObject({ ended: 'guard', guard: 'memory' });
    const predicted = predict([ladder])!.count;
    expect(Math.abs(predicted - ladder.reached)).toBeLessThanOrEqual(2);
    expect(ladder.steps.filter(({ proof }) => proof).length).toBeGreaterThan(3);
  });

  test('a proof never starts more than it may', async () => {
    const { ladder, most } = await finished(roomy, { most: 4, prove: true, provedMost: 20 });
    expect(ladder).toMatchObject({ ended: 'most', reached: 20 });
    expect(most()).toBe(20);
  });

  test.each<[string, Partial<Small>, DensityLadder['guard']]>([
    ['processes wait for memory', { pressure: () => 40 }, 'pressure'],
    ['the disk is nearly full', { diskBytes: 1000 }, 'disk'],
    ['threads are nearly used up', { threads: 1010, threadsEach: 10 }, 'threads'],
    ['idle instances keep the processors busy', { cpuEach: 2000 }, 'cpu'],
  ])('stops when %s', async (_, change, guard) => {
    const { ladder } = await finished({ ...roomy, ...change }, { most: 64 });
    expect(ladder).toMatchObject({ ended: 'guard', guard });
  });

  test('breaks a start off that takes the host below the floor', async () => {
    let pressure = 0;
    const staged = climbOn({ ...roomy, pressure: () => (pressure += 4) }, { most: 64 });
    await staged.climbing;
    expect(staged.ladder).toMatchObject({ ended: 'guard', guard: 'pressure' });
    expect(staged.left()).toBe(0);
  });
});

test('an instance that does not start ends the ladder, and those before it are ended too', async () => {
  const { ladder, ended } = await finished({ ...roomy, fails: 3 }, { most: 8 });
  expect(ladder).toMatchObject({ ended: 'failed', reached: 3 });
  expect(ended).toHaveLength(4);
});

test('a stop by the user leaves nothing up and keeps what was read', async () => {
  const stopping = new AbortController();
  const staged = climbOn(
    { ...roomy, pressure: () => (staged?.most() === 3 ? (stopping.abort(), 0) : 0) },
    { most: 8 },
    stopping.signal,
  );
  await expect(staged.climbing).rejects.toThrow();
  expect(staged.left()).toBe(0);
  expect(staged.ladder).toMatchObject({ ended: 'stopped' });
  expect(staged.ladder.steps.map(({ count }) => count)).toEqual([1, 2]);
});
