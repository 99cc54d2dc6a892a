import type Docker from 'dockerode';
import { Duplex, type Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { siblingWay, sweepAfterSibling } from '../../../../main/engine/swarm/task/sibling';

const order = { image: 'sha256:00', session: 'abc' };

/** The engine of a node whose container ends when its input does, unless it hangs. */
function node({ hangs = false, refuses = false } = {}) {
  const [did, heard]: [string[], Buffer[]] = [[], []];
  let asked: Docker.ContainerCreateOptions = {};
  let end: (how: { StatusCode: number }) => void = () => undefined;
  const ended = new Promise<{ StatusCode: number }>((resolve) => (end = resolve));
  const exit = (StatusCode: number) => {
    stream.push(null);
    stream.destroy();
    end({ StatusCode });
  };
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => (heard.push(chunk), done()),
    final: (done) => {
      done();
      if (!hangs) exit(0);
    },
  });
  let isThere = true;
  const container = {
    id: 'sibling1',
    inspect: () =>
      isThere
        ? Promise.resolve({ Mounts: [{ Source: '/var/lib/docker/volumes/v/_data' }] })
        : Promise.reject(Object.assign(new Error('gone'), { statusCode: 404 })),
    attach: () => Promise.resolve(stream),
    wait: ({ condition }: { condition: string }) => (did.push(`wait ${condition}`), ended),
    start: () => (did.push('start'), Promise.resolve()),
    stop: () => (did.push('stop'), exit(137), Promise.resolve()),
    remove: () => (did.push('remove'), (isThere = false), Promise.resolve()),
  };
  const docker = {
    createContainer: (options: Docker.ContainerCreateOptions) => {
      asked = options;
      return refuses
        ? Promise.reject(Object.assign(new Error('no'), { statusCode: 500, json: { message: 'no room' } }))
        : Promise.resolve(container);
    },
    getContainer: () => container,
    modem: {
      demuxStream: (all: Duplex, out: Writable) => void all.on('data', (chunk) => out.write(chunk)),
    },
  } as unknown as Docker;
  return { docker, did, heard, stream, asked: () => asked };
}

it('has what a task may not have, ends with its connection, and leaves nothing to keep', async () => {
  const { docker, did, heard, stream, asked } = node();
  const channel = siblingWay(docker, order).open();
  channel.input.write('frames');
  const said = new Promise((resolve) =>
    channel.output.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  await expect.poll(() => did).toContain('start');
  stream.push('hello');
  expect(await said).toBe('hello');
  await channel.close(1000);
  expect(await channel.gone).toEqual({ exit: 'exit 0', output: '' });
  expect(asked()).toMatchObject({
    Image: 'sha256:00',
    Labels: { 'tare.session': 'abc' },
    StdinOnce: true,
    Volumes: { '/opt/tare': {} },
    HostConfig: { Privileged: true, PidMode: 'host', CgroupnsMode: 'host', AutoRemove: true },
  });
  expect(Buffer.concat(heard).toString()).toBe('\n/var/lib/docker/volumes/v/_data\nframes');
  expect(did).toEqual(['wait next-exit', 'start', 'remove']);
});

it('is stopped when it does not end by itself', async () => {
  const { docker, did } = node({ hangs: true });
  const channel = siblingWay(docker, order).open();
  await expect.poll(() => did).toContain('start');
  await channel.close(10);
  expect(await channel.gone).toMatchObject({ exit: 'exit 137' });
  expect(did).toContain('stop');
});

it('says why the engine of the node does not start it', async () => {
  const { docker } = node({ refuses: true });
  const channel = siblingWay(docker, order).open();
  expect(await channel.gone).toMatchObject({ failure: { code: 'docker-refused', reason: 'no room' } });
});

it('removes what an agent that was killed has left, and nothing of anybody else', async () => {
  const sessions = { task: 'abc', agents: 'abc0123456789ab', others: 'def', none: undefined };
  const removed: string[] = [];
  const labelled = Object.entries(sessions).map(([Id, session]) => ({
    Id,
    Labels: session === undefined ? {} : { 'tare.session': session },
  }));
  const one = (kind: string) => (id: string) => ({
    remove: () => (removed.push(`${kind} ${id}`), Promise.resolve()),
    inspect: () => Promise.reject(Object.assign(new Error('gone'), { statusCode: 404 })),
  });
  const docker = {
    listContainers: () => Promise.resolve(labelled),
    listNetworks: () => Promise.resolve(labelled),
    getContainer: one('container'),
    getNetwork: one('network'),
  } as unknown as Docker;
  await sweepAfterSibling(docker, order);
  expect(removed).toEqual(['container agents', 'network agents']);
});
