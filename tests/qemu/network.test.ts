/** What a guest reaches by itself: nothing, unless it is asked for. The full system's part is in full.test.ts. */
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratchImage } from '../support/images';
import { micro, runIn, target } from './machines';

const secret = 'for this computer alone';
const server = net.createServer((socket) => socket.end(`${secret}\n`));
let image: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  image = await scratchImage();
});
afterAll(() => void server.close());

/** A guest that tries the gateway, and asks for a name where it has nobody to ask. */
async function tries(on: ReturnType<typeof target>, outgoing: boolean): Promise<string> {
  const { port } = server.address() as net.AddressInfo;
  const b = '/bin/busybox';
  const script = [
    `${b} nc -w 9 10.0.2.2 ${port} </dev/null 2>&1`,
    outgoing ? `${b} cat /etc/resolv.conf` : `${b} nslookup a.test 2>&1`,
  ].join('; ');
  const command = [b, 'sh', '-c', script];
  return (await runIn(image, { command }, undefined, { on, openings: { outgoing } })).output;
}

it.each([
  ['vm:direct', target],
  ['vm:micro', micro],
])(
  'a guest of %s reaches neither this computer’s loopback nor a name server, and is told so at once',
  async (_, on) => {
    const output = await tries(on(), false);
    expect(output).toContain('(10.0.2.2): Connection refused');
    expect(output).toContain("write to '127.0.0.1': Connection refused");
    expect(output).not.toContain(secret);
  },
);

it('a guest reaches both where it is asked for', async () => {
  const output = await tries(micro(), true);
  expect(output).toContain(secret);
  expect(output).toContain('nameserver 10.0.2.3');
});
