import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { freePort, isPortTaken } from '../../../../../main/engine/base/process/ports';

it('is free before somebody listens, taken while, and free again afterwards', async () => {
  const port = await freePort();
  expect(await isPortTaken(port)).toBe(false);
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isPortTaken(port)).toBe(true);
  expect(await isPortTaken(port, '0.0.0.0')).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortTaken(port)).toBe(false);
});

it('is not taken where this user may not listen at all', async () => {
  expect(await isPortTaken(80, '192.0.2.1')).toBe(false); // an address of nobody's
});
