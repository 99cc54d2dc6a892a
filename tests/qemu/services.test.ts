/** The services of the preset as machines: what they answer must not depend on what they run on. */
import { once } from 'node:events';
import net from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { probeOf, type ServiceName } from '../../main/contract/plan';
import type { Target } from '../../main/engine/measure/targets/target';
import { waitReady } from '../../main/engine/measure/workloads/readiness';
import { docker } from '../support/images';
import { serviceWorkload } from '../support/services';
import { minimalKernelIsHere, noMinimalKernel } from '../support/kernel';
import { mebibyte, micro, openScope, ready, snapshot, start, target } from './machines';

interface Service {
  name: ServiceName;
  /** talks to the service and answers with what must be equal everywhere */
  ask: (place: Place) => Promise<Buffer>;
}
interface Place {
  host: string;
  port: number;
}

/** Sends, and reads until `enough` is content with what has come. */
async function talk(place: Place, say: Buffer | string, enough: (heard: Buffer) => boolean): Promise<Buffer> {
  const socket = net.connect(place);
  let heard: Buffer = Buffer.alloc(0);
  socket.setTimeout(20_000, () => socket.destroy(new Error('silent')));
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    if (enough(heard)) socket.destroy();
  });
  socket.write(say);
  await once(socket, 'close');
  return heard;
}

const httpBody = (path: string) => async (place: Place) => {
  const said = `GET ${path} HTTP/1.0\r\nHost: app\r\n\r\n`;
  const heard = await talk(place, said, () => false); // HTTP 1.0: the server closes
  expect(heard.subarray(0, 15).toString('latin1')).toMatch(/^HTTP\/1\.[01] 200/);
  return heard.subarray(heard.indexOf('\r\n\r\n') + 4);
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const framed = (kind: string, content: Buffer) =>
  Buffer.concat([Buffer.from(kind), int32(content.length + 4), content]);
const startup = framed(
  '',
  Buffer.concat([int32(196_608), Buffer.from('user\0postgres\0database\0postgres\0\0')]),
);
const query = framed(
  'Q',
  Buffer.from("select string_agg(n::text, '-' order by n desc) from generate_series(1, 20) n\0"),
);
const readyForQuery = Buffer.from('Z\0\0\0\x05I');

/** Everything after the greeting, which carries a process number and a random key. */
async function askPostgres(place: Place): Promise<Buffer> {
  const twice = (heard: Buffer) => heard.indexOf(readyForQuery) !== heard.lastIndexOf(readyForQuery);
  const heard = await talk(place, Buffer.concat([startup, query]), twice);
  if (!twice(heard)) throw new Error('cut short'); // it listens before it lets anybody in
  return heard.subarray(heard.indexOf(readyForQuery));
}

const services: Service[] = [
  { name: 'nginx', ask: httpBody('/') },
  { name: 'python', ask: httpBody('/some/path') },
  { name: 'node', ask: httpBody('/some/path') },
  {
    name: 'valkey',
    ask: (place) =>
      talk(place, 'SET k v\r\nAPPEND k w\r\nGET k\r\nOBJECT ENCODING k\r\nQUIT\r\n', () => false),
  },
  { name: 'postgresql', ask: askPostgres },
];

const expected = new Map<ServiceName, Buffer>();
/** The same image by the docker command alone: nothing of what is tested is used. */
beforeAll(async () => {
  for (const { name, ask } of services) {
    const { image, port: inside } = await serviceWorkload(name);
    const published = `127.0.0.1::${inside}`;
    const words = ['run', '-d', '--rm', '--label', 'tare.test=services', '-p', published, image.reference];
    const id = await docker(...words);
    try {
      const port = Number((await docker('port', id)).split(':').at(-1));
      expected.set(name, await patiently(() => ask({ host: '127.0.0.1', port })));
    } finally {
      await docker('rm', '--force', id);
    }
  }
}, 600_000);

/** Until it answers something: the port is open before the service is there. */
async function patiently(ask: () => Promise<Buffer>): Promise<Buffer> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      const heard = await ask();
      if (heard.length > 0) return heard;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ways: { id: string; make: () => Target; here: boolean }[] = [
  { id: 'vm:direct', make: () => target(), here: true },
  { id: 'vm:micro', make: () => micro(), here: minimalKernelIsHere },
  { id: 'vm:snapshot', make: () => snapshot(), here: minimalKernelIsHere },
];
noMinimalKernel();

for (const way of ways) {
  describe.runIf(way.here)(`on ${way.id}`, () => {
    it.each(services)(
      '$name answers as in a container',
      async (service) => {
        const scope = openScope();
        const { image, port } = await serviceWorkload(service.name);
        const workload = await ready(image.reference, { port }, probeOf(service.name));
        const { instance } = await start(workload, scope, 512 * mebibyte, way.make());
        try {
          const patience = AbortSignal.timeout(240_000);
          await waitReady(instance, probeOf(service.name), patience, { lastAnswer: '' });
          const heard = await service.ask({ host: instance.host, port: instance.port });
          expect(heard.toString('latin1')).toBe(expected.get(service.name)!.toString('latin1'));
          expect(heard.length).toBeGreaterThan(5);
        } finally {
          await instance[Symbol.asyncDispose]();
        }
        scope.close();
      },
      300_000,
    );
  });
}
