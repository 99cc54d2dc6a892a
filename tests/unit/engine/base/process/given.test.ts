import { expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { needValues, valuesOf } from '../../../../../main/engine/base/process/given';

test('a variable without a value has the one of Tare’s own environment, also an empty one', () => {
  expect(valuesOf({ A: '1', B: null, C: null }, { A: 'own', B: '2', C: '' })).toEqual({
    A: '1',
    B: '2',
    C: '',
  });
});

test('all that a plan lacks is named at once, in variables and in arguments of builds', () => {
  const limits = { memoryBytes: 2 ** 26 };
  const plan = Plan.parse({
    name: 'test',
    workloads: [
      { name: 'a', image: { kind: 'builtin', name: 'web' }, environment: { ONE: null, HERE: null }, limits },
      {
        name: 'b',
        image: { kind: 'folder', path: '/b', buildArgs: { TWO: null } },
        environment: { ONE: null },
        limits,
      },
    ],
    targets: ['container'],
    trials: 1,
  });
  expect(() => needValues(plan, { HERE: '' })).toThrow(
    expect.objectContaining({ failure: { code: 'value-missing', names: ['ONE', 'TWO'] } }) as Error,
  );
  expect(() => needValues(plan, { HERE: '', ONE: '1', TWO: '2' })).not.toThrow();
});
