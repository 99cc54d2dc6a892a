import type Docker from 'dockerode';
import { expect, it } from 'vitest';
import { nodesFound } from '../../../../../main/engine/remote/swarm/swarm';

const node = (hostname: string, kind: string, more: { state?: string; availability?: string } = {}) => ({
  ID: `id-${hostname}`,
  Spec: { Role: 'worker', Availability: more.availability ?? 'active', Labels: { kind } },
  Description: { Hostname: hostname, Platform: { Architecture: 'x86_64', OS: 'linux' } },
  Status: { State: more.state ?? 'ready', Addr: '10.0.0.1' },
});

const engine = (nodes: unknown[], swarm: object = { LocalNodeState: 'active', ControlAvailable: true }) =>
  ({
    info: () => Promise.resolve({ Swarm: swarm }),
    listNodes: () => Promise.resolve(nodes),
  }) as unknown as Docker;

it('are those that match, by the names that a run gives them, with what keeps one from measuring now', async () => {
  const docker = engine([
    node('b', 'bench', { availability: 'drain' }),
    node('a/1', 'bench'),
    node('c', 'desk'),
    node('d', 'bench', { state: 'down' }),
  ]);
  expect(await nodesFound(docker, { constraints: ['node.labels.kind==bench'] })).toEqual([
    { name: 'a-1' },
    { name: 'b', failure: { code: 'node-left-out', reason: 'node-drained', what: 'b' } },
    { name: 'd', failure: { code: 'node-left-out', reason: 'node-down', what: 'd' } },
  ]);
  expect(await nodesFound(docker, { constraints: ['node.role==manager'] })).toEqual([]);
});

it.each([
  [{ LocalNodeState: 'inactive' }, 'no-swarm'],
  [{ LocalNodeState: 'active', ControlAvailable: false }, 'worker'],
])('are not to be had of an engine with %j', async (swarm, reason) => {
  await expect(nodesFound(engine([], swarm), { constraints: [] })).rejects.toMatchObject({
    failure: { code: 'not-a-manager', reason },
  });
});
