import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { containersOf, removeFound } from '../../main/engine/base/docker/leftovers';
import { engineEnvironment } from '../../main/engine/measure/targets/docker/engineFacts';
import { patience } from '../support/patience';
import { openSession, type Session } from './daemon';

let session: Session;
let digest: string;
beforeAll(async () => {
  session = await openSession();
  digest = (await session.ready({ image: { kind: 'builtin', name: 'web' } })).image.digest;
});
afterAll(() => session.close());

const label = () => ({ 'tare.session': session.ledger.session });
const create = (name: string, Labels: Record<string, string>) =>
  session.client.docker.createContainer({ name, Image: digest, Labels });

test('everything with the label of a session is removed, running or not, and nothing else', async () => {
  const { docker } = session.client;
  const { session: id } = session.ledger;
  const running = session.ledger.name('left');
  const stranger = await create(`tare-test-stranger-${id}`, { 'tare.session': 'other' });
  try {
    await (await create(running, label())).start();
    await create(session.ledger.name('left'), label());
    const network = session.ledger.name('net');
    await docker.createNetwork({ Name: network, Labels: label() });
    await docker.getNetwork(network).connect({ Container: running });

    const found = await containersOf(docker, id);
    expect(found.map(({ kind }) => kind).sort()).toEqual(['container', 'container', 'network']);
    const report = await removeFound(docker, found);
    expect(report.kept).toEqual([]);
    expect(report.removed).toHaveLength(3);
    expect(await containersOf(docker, id)).toEqual([]);
    await expect(stranger.inspect()).resolves.toMatchObject({
      Config: { Labels: { 'tare.session': 'other' } },
    });
  } finally {
    await stranger.remove({ force: true });
  }
});

test('a container that the engine is still creating is waited for', async () => {
  const { docker } = session.client;
  const name = session.ledger.name('late');
  const listing = containersOf(docker, session.ledger.session, [name], patience.timeout);
  const creating = new Promise((resolve) => setTimeout(resolve, 300)).then(() => create(name, label()));
  const found = await listing;
  await creating;
  expect(found).toEqual([{ kind: 'container', name, session: session.ledger.session }]);
  await removeFound(docker, found);
});

test('a noted container that never came into being holds the sweep up for a while, or not at all', async () => {
  const { docker } = session.client;
  const listing = vi.spyOn(docker, 'listContainers');
  const never = (waitMs?: number) => containersOf(docker, session.ledger.session, ['tare-never'], waitMs);
  expect(await never()).toEqual([]);
  expect(listing.mock.calls.length).toBeGreaterThan(1);
  listing.mockClear();
  expect(await never(0)).toEqual([]);
  expect(listing.mock.calls.length).toBe(1);
  listing.mockRestore();
});

test('a run records the engine, and what its daemons take', async () => {
  const { engine, missing } = await engineEnvironment(session.client);
  const { name, endpoint } = session.client;
  expect(engine).toMatchObject({ name, endpoint, runtime: 'runc' });
  expect([1, 2]).toContain(engine.cgroupVersion);
  if (name === 'Podman') {
    expect(missing).toEqual([{ what: 'engine.sharedBytes', reason: 'engine-daemonless' }]);
  } else {
    expect(missing).toEqual([]);
    expect(engine.sharedBytes).toBeGreaterThan(20_000_000);
  }
});
