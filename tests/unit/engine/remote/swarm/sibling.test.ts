import type Docker from 'dockerode';
import { Duplex } from 'node:stream';
import { expect, it, test } from 'vitest';
import { openSibling, sweepSiblings } from '../../../../../main/engine/remote/swarm/task/sibling';
import { written } from '../../../../support/fleet/written';

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
  } as unknown as Docker;
  return { docker, did, heard, stream, asked: () => asked };
}

it('has what a task may not have, ends with its connection, and leaves nothing to keep', async () => {
  const { docker, did, heard, stream, asked } = node();
  const channel = openSibling(docker, order);
  channel.input.write('plan');
  const said = new Promise((resolve) =>
    channel.output.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  await expect.poll(() => did).toContain('start');
  stream.push(written('stderr', 'woe!'));
  stream.push(written('stdout', 'hello'));
  expect(await said).toBe('hello');
  await channel.close(1000);
  expect(await channel.gone).toEqual({ exit: 'exit 0', output: 'woe!' });
  expect(asked().Entrypoint!.at(-1)).toMatch(/cli\.cjs" run - --events$/);
  expect(asked()).toMatchObject({
    Image: 'sha256:00',
    Labels: { 'tare.session': 'abcswarmtask' },
    StdinOnce: true,
    HostConfig: {
      Mounts: [
        {
          Type: 'volume',
          Target: '/opt/tare',
          VolumeOptions: { Labels: { 'tare.session': 'abcswarmtask' } },
        },
      ],
      Privileged: true,
      PidMode: 'host',
      CgroupnsMode: 'host',
      AutoRemove: true,
    },
  });
  expect(Buffer.concat(heard).toString()).toBe('\n/var/lib/docker/volumes/v/_data\nplan');
  expect(did).toEqual(['wait next-exit', 'start', 'remove']);
});

it('is stopped when it does not end by itself', async () => {
  const { docker, did } = node({ hangs: true });
  const channel = openSibling(docker, order);
  await expect.poll(() => did).toContain('start');
  await channel.close(10);
  expect(await channel.gone).toMatchObject({ exit: 'exit 137' });
  expect(did).toContain('stop');
});

it('says why the engine of the node does not start it', async () => {
  const { docker } = node({ refuses: true });
  const channel = openSibling(docker, order);
  expect(await channel.gone).toMatchObject({ failure: { code: 'docker-refused', reason: 'no room' } });
});

const agents = (order: string) => `${order}swarmtask0123456789ab`;
const running = { State: 'running' };

test.each([
  [
    'once its own agent has ended, that one’s',
    'abc',
    [
      { Id: 'task', session: 'abc', ...running },
      { Id: 'its own', session: agents('abc'), ...running },
    ],
    ['container its own', 'network its own', 'volume its own'],
  ],
  [
    'that of agents which died with all of their node',
    undefined,
    [
      { Id: 'task', session: 'abc', ...running },
      { Id: 'sibling that never began', session: 'deadswarmtask', State: 'created' },
      { Id: 'of the dead', session: agents('dead'), State: 'exited' },
      { Id: 'dead task', session: 'dead', State: 'exited' },
    ],
    [
      ...['container sibling that never began', 'container of the dead'],
      ...['network sibling that never began', 'network of the dead'],
      ...['volume sibling that never began', 'volume of the dead'],
    ],
  ],
  [
    'nothing of agents at work, nor of anybody else',
    undefined,
    [
      { Id: 'task', session: 'abc', ...running },
      { Id: 'its own', session: agents('abc'), ...running },
      { Id: 'sibling whose task was killed', session: 'oldswarmtask', ...running },
      { Id: 'which it is about to remove', session: agents('old'), State: 'exited' },
      { Id: 'of a Tare on the node', session: '0123456789ab', State: 'exited' },
      { Id: 'of nobody', session: undefined, State: 'exited' },
    ],
    [],
  ],
])('removes of what agents that were killed have left %s', async (_, ended, things, expected) => {
  const removed: string[] = [];
  const labelled = things.map(({ session, ...rest }) => ({
    ...rest,
    Labels: session === undefined ? {} : { 'tare.session': session },
  }));
  const one = (kind: string) => (id: string) => ({
    remove: () => (removed.push(`${kind} ${id}`), Promise.resolve()),
    inspect: () => Promise.reject(Object.assign(new Error('gone'), { statusCode: 404 })),
  });
  const docker = {
    listContainers: () => Promise.resolve(labelled),
    listNetworks: () => Promise.resolve(labelled),
    listVolumes: () => Promise.resolve({ Volumes: labelled.map((one) => ({ ...one, Name: one.Id })) }),
    getContainer: one('container'),
    getNetwork: one('network'),
    getVolume: one('volume'),
  } as unknown as Docker;
  await sweepSiblings(docker, ended);
  expect(removed).toEqual(expected);
});
