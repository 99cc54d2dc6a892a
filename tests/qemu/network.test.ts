/** What a guest reaches by itself: nothing, unless it is asked for. The full system's part is in full.test.ts. */
import { once } from 'node:events';
import dgram from 'node:dgram';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchImage } from '../support/images';
import { micro, runIn, target } from './machines';

const secret = 'for this computer alone';
const server = net.createServer((socket) => socket.end(`${secret}\n`));
const receiver = dgram.createSocket('udp4');
const heard: string[] = [];
receiver.on('message', (message) => heard.push(message.toString().trim()));
let ports: { tcp: number; udp: number };
let image: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  ports = { tcp: (server.address() as net.AddressInfo).port, udp: receiver.address().port };
  image = await scratchImage();
});
afterAll(() => {
  server.close();
  receiver.close();
});

/** A guest that tries the gateway by TCP and UDP, and asks for a name. */
async function tries(on: ReturnType<typeof target>, outgoing: boolean): Promise<string> {
  const b = '/bin/busybox';
  const script = [
    `${b} nc -w 9 10.0.2.2 ${ports.tcp} </dev/null 2>&1`,
    `echo ${on.id} | ${b} nc -u -w 1 10.0.2.2 ${ports.udp}`,
    ...(outgoing ? [`${b} cat /etc/resolv.conf`] : [`${b} nslookup a.test 2>&1`]),
  ].join('; ');
  heard.length = 0;
  const command = [b, 'sh', '-c', script];
  return (await runIn(image, { command }, undefined, { on, openings: { outgoing } })).output;
}

describe.each([
  ['vm:direct', target],
  ['vm:micro', micro],
])('a guest of %s', (_, on) => {
  it('reaches neither this computer’s loopback nor a name server, and is told so at once', async () => {
    const output = await tries(on(), false);
    expect(output).toContain('(10.0.2.2): Connection refused');
    expect(output).toContain("write to '127.0.0.1': Connection refused");
    expect(output).not.toContain(secret);
    expect(heard).toEqual([]);
  });
});

it('reaches both where it is asked for', async () => {
  const output = await tries(micro(), true);
  expect(output).toContain(secret);
  expect(output).toContain('nameserver 10.0.2.3');
  await expect.poll(() => heard).toEqual(['vm:micro']);
});
