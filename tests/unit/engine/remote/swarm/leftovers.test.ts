import type Docker from 'dockerode';
import { expect, it } from 'vitest';
import type { Leftover } from '../../../../../main/contract/machine';
import { sweepSwarm } from '../../../../../main/engine/remote/swarm/leftovers';

const noted: Leftover[] = [
  { kind: 'service', name: 'tare-dead-service-2', session: 'dead' },
  { kind: 'secret', name: 'tare-dead-secret-1', session: 'dead' },
];
const status = (statusCode: number) => Object.assign(new Error('no'), { statusCode });

/** A manager of a swarm with these things; each task is gone after it was listed twice. */
function manager(things: { services: string[]; secrets: string[]; tasksOn?: string }) {
  const did: string[] = [];
  let looks = 0;
  const kept = (names: string[]) => names.map((name) => ({ ID: `id-${name}`, Spec: { Name: name } }));
  const removal = (kind: string) => (id: string) => ({
    remove: () => {
      did.push(`${kind} ${id}`);
      return Promise.resolve();
    },
  });
  const docker = {
    listServices: ({ filters }: { filters: object }) => {
      did.push(JSON.stringify(filters));
      return Promise.resolve(kept(things.services));
    },
    listSecrets: () => Promise.resolve(kept(things.secrets)),
    getService: removal('service'),
    getSecret: removal('secret'),
    listTasks: () => {
      did.push('look');
      const on = looks++ < 2 || things.tasksOn ? (things.tasksOn ?? 'up') : undefined;
      return Promise.resolve(on ? [{ ID: 't', ServiceID: `id-${things.services[0]}`, NodeID: on }] : []);
    },
    listNodes: () =>
      Promise.resolve(
        ['up', 'down'].map((id) => ({
          ID: id,
          Spec: { Role: 'worker', Availability: 'active' },
          Status: { State: id === 'up' ? 'ready' : 'down', Addr: '' },
        })),
      ),
  };
  return { docker: docker as unknown as Docker, did };
}

it('takes services away first, waits until their tasks are gone, and then takes the secrets', async () => {
  const { docker, did } = manager({ services: ['s'], secrets: ['c'] });
  expect(await sweepSwarm(docker, 'dead', noted, false)).toEqual({
    removed: [
      { kind: 'service', name: 's', session: 'dead' },
      { kind: 'secret', name: 'c', session: 'dead' },
    ],
    kept: [],
  });
  expect(did).toEqual([
    '{"label":["tare.session=dead"]}',
    'service id-s',
    'look',
    'look',
    'look',
    'secret id-c',
  ]);
});

it('does not wait for a node that is down, whose tasks nobody can end', async () => {
  const { docker, did } = manager({ services: ['s'], secrets: [], tasksOn: 'down' });
  const { kept } = await sweepSwarm(docker, 'dead', noted, false);
  expect(kept).toEqual([]);
  expect(did.filter((one) => one === 'look')).toHaveLength(1);
});

it('only tells what it would remove when it is asked for no more', async () => {
  const { docker, did } = manager({ services: ['s'], secrets: ['c'] });
  expect((await sweepSwarm(docker, 'dead', noted, true)).removed).toHaveLength(2);
  expect(did).toHaveLength(1);
});

it('asks nobody where nothing of a swarm was noted', async () => {
  const { docker, did } = manager({ services: ['s'], secrets: ['c'] });
  const others: Leftover[] = [{ kind: 'container', name: 'tare-dead-x-1', session: 'dead' }];
  expect(await sweepSwarm(docker, 'dead', others, false)).toEqual({ removed: [], kept: [] });
  expect(did).toEqual([]);
});

it('finds nothing on an engine that manages no swarm any more, and says so of any other refusal', async () => {
  const refusing = (code: number) =>
    ({ listServices: () => Promise.reject(status(code)) }) as unknown as Docker;
  expect(await sweepSwarm(refusing(503), 'dead', noted, false)).toEqual({ removed: [], kept: [] });
  expect((await sweepSwarm(refusing(500), 'dead', noted, false)).kept).toMatchObject([
    { leftover: noted[0], failure: { code: 'docker-refused' } },
    { leftover: noted[1] },
  ]);
});
