import { expect, it, test } from 'vitest';
import { SwarmOptions } from '../../../../../main/contract/fleet/swarm';
import { matchesAll } from '../../../../../main/engine/remote/swarm/constraints';
import { namesOf, type SwarmNode } from '../../../../../main/engine/remote/swarm/nodes';

const node: SwarmNode = {
  id: 'abc123',
  hostname: 'Bench1',
  role: 'worker',
  availability: 'active',
  state: 'ready',
  architecture: 'x86_64',
  os: 'linux',
  address: '10.1.2.3',
  labels: { kind: 'bench', Disk: 'ssd' },
  engineLabels: { 'com.example.rack': '7' },
};

// as swarmkit's manager/constraint/constraint_test.go has it of the same kinds
test.each([
  ['node.labels.kind==bench', true],
  ['node.labels.kind == BENCH', true],
  ['node.labels.kind!=bench', false],
  ['node.labels.Kind==bench', false],
  ['node.labels.absent!=bench', true],
  ['node.labels.absent==bench', false],
  ['engine.labels.com.example.rack==7', true],
  ['node.hostname==bench1', true],
  ['NODE.ID==abc123', true],
  ['node.id==abc', false],
  ['node.role==manager', false],
  ['node.platform.os==linux', true],
  ['node.platform.arch!=aarch64', true],
  ['node.ip==10.1.2.3', true],
  ['node.ip==10.1.0.0/16', true],
  ['node.ip!=10.1.0.0/16', false],
  ['node.ip==10.2.0.0/16', false],
  ['node.ip!=2001:db8::/32', true],
  ['node.ip!=nonsense', false],
  ['node.ip!=10.1.0.0/99', false],
  ['node.colour!=red', false],
])('%s: %s', (constraint, matches) => expect(matchesAll([constraint], node)).toBe(matches));

it('matches all of them, and every node where there is none', () => {
  expect(matchesAll([], node)).toBe(true);
  expect(matchesAll(['node.labels.kind==bench', 'node.role==manager'], node)).toBe(false);
});

it('takes what Swarm takes, and says so of the rest', () => {
  const takes = (constraint: string) => SwarmOptions.safeParse({ constraints: [constraint] }).success;
  expect(['node.labels.kind==bench', 'node.ip!=10.0.0.0/8', 'node.labels.a-b != c d'].every(takes)).toBe(
    true,
  );
  expect(
    ['', 'kind', 'node.labels.kind=bench', '==x', 'node.labels.kind==', 'a.b>c', 'a.b==c;d'].some(takes),
  ).toBe(false);
});

it('takes a name in a registry, without tag or digest', () => {
  const takes = (registry: string) => SwarmOptions.safeParse({ registry }).success;
  expect(['registry.example:5000/tools/tare', 'localhost/tare', '10.0.0.1:5000/tare'].every(takes)).toBe(
    true,
  );
  expect(
    ['tare', 'registry:5000', 'registry/tare:1', 'registry/tare@sha256:00', 'https://a/b', '-a/b c'].some(
      takes,
    ),
  ).toBe(false);
});

it('calls nodes after their computers, each apart from the others', () => {
  const named = (...hostnames: string[]) => [
    ...namesOf(hostnames.map((hostname, at) => ({ ...node, id: `id${at}`, hostname }))).values(),
  ];
  expect(named('bench1', 'bench2')).toEqual(['bench1', 'bench2']);
  expect(named('bench', 'BENCH', 'bench')).toEqual(['bench', 'BENCH-id1', 'bench-id2']);
  expect(named('-a/../b\u202e', '', '中')).toEqual(['a-..-b-', 'id1', 'id2']);
  expect(named('x'.repeat(100), 'x'.repeat(100)).map((name) => name.length)).toEqual([63, 63]);
});
