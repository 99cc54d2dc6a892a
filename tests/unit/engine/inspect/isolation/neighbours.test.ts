import { expect, test } from 'vitest';
import { neighboursOf } from '../../../../../main/engine/inspect/isolation/neighbours';
import type { Testimony } from '../../../../../main/engine/inspect/isolation/testimony';

const one: Testimony = {
  kernel: '6.12',
  boot: 'aaaa-1',
  hostname: 'one',
  memoryBytes: 1024,
  processors: { models: [], usable: 2 },
  interfaces: ['lo 0', 'eth0 56'],
  namespaces: new Map([
    ['pid', 'pid:[2]'],
    ['user', 'user:[1]'],
  ]),
};

test('neighbours under one kernel have it in common, and what it gives to each alone not', () => {
  const other: Testimony = {
    ...one,
    hostname: 'other',
    interfaces: ['lo 0', 'eth0 57'],
    namespaces: new Map([
      ['pid', 'pid:[3]'],
      ['user', 'user:[1]'],
    ]),
  };
  expect(neighboursOf(one, other)).toEqual({
    same: ['kernel', 'boot', 'memory', 'processors'],
    apart: ['hostname', 'namespaces', 'interfaces'], // of the namespaces some
  });
});

test('what one of them could not read is in neither list', () => {
  const { kernel, ...without } = one;
  expect(kernel).toBeDefined();
  const { same, apart } = neighboursOf(one, without);
  expect([...same, ...apart]).not.toContain('kernel');
  expect(same).toContain('namespaces');
});
