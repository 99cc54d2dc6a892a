/** Where a service's image comes from. */
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TareError } from '../../main/engine/base/errors';
import { serviceBase, type DebianBases } from '../../main/engine/images/image/services';
import { openRegistry, type Registry } from '../support/registry';
import { docker } from '../support/images';
import { openSession, type Session } from './daemon';

let session: Session;
let registry: Registry;
beforeAll(async () => {
  session = await openSession();
  registry = await openRegistry();
});
afterAll(async () => {
  await registry.close();
  await session.close();
});

const nothing: DebianBases = {
  find: () => Promise.resolve(undefined),
  make: () =>
    Promise.reject(new TareError({ code: 'kit-failed', step: 'download nginx', output: 'no route' })),
};
const base = (official: string, debian: Partial<DebianBases>) =>
  serviceBase(session.client.docker, 'nginx', official, { ...nothing, ...debian }, session.scope());

test('the official image is pulled where a registry gives it, and used when it is here', async () => {
  const official = `${registry.name}/nginx:1`;
  await docker('tag', await session.image('FROM scratch\nCOPY busybox /bin/busybox\n'), official);
  try {
    await docker('push', '--quiet', official);
    await docker('rmi', official);
    session.told.length = 0;
    expect(await base(official, {})).toBe(official);
    expect(session.told.map(({ step }) => step)).toContain('pull-image');
    session.told.length = 0;
    expect(await base(official, { find: () => Promise.resolve('tare/nginx-debian:1') })).toBe(official);
    expect(session.told).toEqual([]);
  } finally {
    await docker('rmi', '--force', official);
  }
});

test('Debian’s packages are the second choice, made once', async () => {
  const official = `${registry.name}/nginx:missing`;
  expect(await base(official, { make: () => Promise.resolve('tare/nginx-debian:1') })).toBe(
    'tare/nginx-debian:1',
  );
  session.told.length = 0;
  expect(await base(official, { find: () => Promise.resolve('tare/nginx-debian:1') })).toBe(
    'tare/nginx-debian:1',
  );
  expect(session.told).toEqual([]);
});

test('where neither works, both reasons are told', async () => {
  await expect(base(`${registry.name}/nginx:missing`, {})).rejects.toMatchObject({
    failure: {
      code: 'service-unavailable',
      reference: `${registry.name}/nginx:missing`,
      reason: expect.stringContaining('manifest unknown') as string,
      step: 'download nginx',
      output: 'no route',
    },
  });
});

test('a registry that says nothing is given up', async () => {
  const silent = net.createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const sockets = new Set<net.Socket>();
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  try {
    const refused = base(`127.0.0.1:${port}/nginx:1`, {});
    await expect(refused).rejects.toMatchObject({ failure: { reason: 'ETIMEDOUT' } });
    expect(sockets.size).toBeGreaterThan(0);
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});

test('a user’s stop ends the pull, and nothing else is tried', async () => {
  const stop = new AbortController();
  const silent = net.createServer(() => stop.abort());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  try {
    const asked = serviceBase(
      session.client.docker,
      'nginx',
      `127.0.0.1:${port}/nginx:1`,
      nothing,
      session.scope(stop.signal),
    );
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  } finally {
    silent.close();
  }
});
