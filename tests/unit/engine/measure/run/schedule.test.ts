import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { schedule } from '../../../../../main/engine/measure/run/schedule';

const plan = (changes: object) =>
  Plan.parse({
    name: 'test',
    workloads: ['a', 'b', 'c'].map((name) => ({
      name,
      image: { kind: 'builtin', name: 'web' },
      limits: { memoryBytes: 64 * 1024 ** 2 },
    })),
    targets: ['container', 'vm:direct'],
    trials: 4,
    ...changes,
  });

const targetsOf = (groups: ReturnType<typeof schedule>) => groups.map((group) => group[0]!.target);

test('every workload meets every target once in every round, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 6 }), (seed, trials) => {
      for (const arrangement of ['alone', 'together'] as const) {
        const turns = schedule(plan({ seed, trials, arrangement })).flat();
        const names = turns.map((turn) => `${turn.workload.name} ${turn.target} ${turn.round}`);
        expect(new Set(names).size).toBe(3 * 2 * trials);
        expect(names).toHaveLength(3 * 2 * trials);
      }
    }),
  );
});

test('targets alternate and the order is reversed every other round', () => {
  const [first, second] = targetsOf(schedule(plan({ workloads: plan({}).workloads.slice(0, 1) })));
  expect(targetsOf(schedule(plan({ workloads: plan({}).workloads.slice(0, 1) })))).toEqual([
    first,
    second,
    second,
    first,
    first,
    second,
    second,
    first,
  ]);
});

test('two workloads are first equally often, whatever the seed', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const two = plan({ workloads: plan({}).workloads.slice(0, 2), targets: ['container'], trials: 10, seed });
    const turns = schedule(two).flat();
    const first = turns.filter((_, place) => place % 2 === 0).map(({ workload }) => workload.name);
    expect(first.filter((name) => name === 'a')).toHaveLength(5);
    expect(first[1]).not.toBe(first[0]);
  }
});

test('of more than two targets none always follows the same other, and each pair of rounds is its own mirror', () => {
  const many = plan({
    workloads: plan({}).workloads.slice(0, 1),
    targets: ['container', 'vm:direct', 'vm:micro', 'process'],
    trials: 24,
  });
  const orders = Array.from({ length: 24 }, (_, round) =>
    schedule(many)
      .flat()
      .filter((turn) => turn.round === round)
      .map(({ target }) => target),
  );
  for (let round = 0; round < 24; round += 2)
    expect(orders[round + 1]).toEqual([...orders[round]!].reverse());
  const before = orders.map((order) => order[order.indexOf('container') - 1] ?? 'nothing');
  expect(new Set(before)).toEqual(new Set(['nothing', 'vm:direct', 'vm:micro', 'process']));
});

test('the same seed gives the same order; some other seed gives another', () => {
  const order = (seed: number) =>
    schedule(plan({ seed }))
      .flat()
      .map((turn) => turn.workload.name + turn.target);
  expect(order(7)).toEqual(order(7));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => order(seed).join())).size).toBeGreaterThan(1);
});

test('together puts all workloads of a target into one group, in the order of the plan', () => {
  const groups = schedule(plan({ arrangement: 'together', trials: 1 }));
  expect(groups.map((group) => group.map((turn) => turn.workload.name))).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
});
