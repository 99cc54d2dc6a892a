import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { expect, it, test } from 'vitest';
import type { Ledger } from '../../../../../main/engine/base/process/ledger';
import { LogOutput } from '../../../../../main/engine/remote/swarm/log';
import { TaskOnNode } from '../../../../../main/engine/remote/swarm/nodeTask';
import { jobOf } from '../../../../../main/engine/remote/swarm/service';
import { SwarmWatch } from '../../../../../main/engine/remote/swarm/watch';

type Status = { State: string; Err?: string; Message?: string; ContainerStatus?: { ExitCode: number } };

/** A manager that shows one step of a story each time it is asked: how the task stands, and the node. */
function manager(story: { task?: Status; state?: string; availability?: string; silent?: boolean }[]) {
  const asked: object[] = [];
  const struck: string[] = [];
  let at = 0;
  const now = () => story[Math.min(at, story.length - 1)]!;
  const docker = {
    createService: (spec: object) => {
      asked.push(spec);
      return Promise.resolve({ id: 'service1' });
    },
    getService: () => ({
      remove: () => {
        struck.push('removed');
        return Promise.resolve();
      },
    }),
    listTasks: () => {
      const { task, silent } = now();
      if (silent) return Promise.reject(Object.assign(new Error('no leader'), { statusCode: 500 }));
      return Promise.resolve(
        task ? [{ ID: 'task1', NodeID: 'node1', ServiceID: 'service1', Status: task }] : [],
      );
    },
    listNodes: () => {
      const { state = 'ready', availability = 'active' } = now();
      at += 1;
      return Promise.resolve([
        {
          ID: 'node1',
          Spec: { Role: 'worker', Availability: availability },
          Description: { Hostname: 'bench1' },
          Status: { State: state, Addr: '10.0.0.1' },
        },
      ]);
    },
    getTask: () => ({ logs: () => Promise.resolve(new PassThrough()) }),
  } as unknown as Docker;
  const ledger: Ledger = {
    session: 'abc',
    name: (what) => `tare-abc-${what}-1`,
    note: (kind, name) => () => struck.push(`${kind} ${name}`),
    noteWork: () => () => undefined,
    entries: () => [],
    close: () => undefined,
  };
  const { signal } = new AbortController();
  const task = new TaskOnNode(
    { id: 'node1', hostname: 'bench1' },
    {
      docker,
      scope: { ledger, signal },
      image: { name: 'tare-agent:1-00', reference: 'sha256:00', architecture: 'amd64' },
      constraints: ['node.labels.kind==bench'],
      secret: { id: 's1', name: 'tare-abc-secret-1' },
      watch: new SwarmWatch(docker, 1),
    },
    { placingMs: 50, startingMs: 200 },
  );
  return { task, asked, struck, signal };
}
const failure = (code: string, rest: object = {}) => ({ failure: { code, ...rest } });

it('is a job for its node alone, which restarts nothing and has no more than the engine’s socket', async () => {
  const { task, asked, signal } = manager([{ task: { State: 'running' } }]);
  await task.log(signal);
  expect(asked).toMatchObject([
    {
      Name: 'tare-abc-service-1',
      Labels: { 'tare.session': 'abc' },
      Mode: { GlobalJob: {} },
      TaskTemplate: {
        Placement: { Constraints: ['node.labels.kind==bench', 'node.id==node1'] },
        RestartPolicy: { Condition: 'none' },
        ContainerSpec: { Image: 'sha256:00', ReadOnly: true, CapabilityDrop: ['ALL'] },
      },
    },
  ]);
});

it('gives its log as soon as it runs', async () => {
  const steps = ['new', 'pending', 'assigned', 'preparing', 'starting', 'running'];
  const { task, signal } = manager(steps.map((State) => ({ task: { State } })));
  expect(await task.log(signal)).toBeInstanceOf(LogOutput);
});

const rejected = { State: 'rejected', Err: 'No such image: sha256:00' };
test.each([
  [
    'the node has not the image',
    [{ task: rejected }],
    failure('agent-image-missing', { image: 'tare-agent:1-00' }),
  ],
  [
    'the engine refuses the task',
    [{ task: { State: 'rejected', Err: 'invalid mount config' } }],
    failure('task-failed', { state: 'rejected', output: 'invalid mount config' }),
  ],
  ['no task comes', [{}], failure('node-left-out', { reason: 'not-placed' })],
  [
    'the swarm does not place it',
    [{ task: { State: 'pending', Err: 'no suitable node' } }],
    failure('node-left-out', { reason: 'not-placed', what: 'no suitable node' }),
  ],
  [
    'it never starts',
    [{ task: { State: 'preparing' } }],
    failure('node-left-out', { reason: 'not-started' }),
  ],
  ['the node is down', [{ state: 'down' }], failure('node-left-out', { reason: 'node-down' })],
  ['the node is drained', [{ availability: 'drain' }], failure('node-left-out', { reason: 'node-drained' })],
])('says why there is no log where %s', async (_, story, expected) => {
  const { task, signal } = manager(story as never);
  await expect(task.log(signal)).rejects.toMatchObject(expected);
});

const running = { task: { State: 'running' } };
test.each([
  ['came to its end', [running, { task: { State: 'complete' } }], undefined],
  [
    'came to its end while its manager, new as the leader, had not heard of its node',
    [running, { ...running, state: 'unknown' }, { task: { State: 'complete' } }],
    undefined,
  ],
  [
    'failed',
    [
      running,
      { task: { State: 'failed', Err: 'task: non-zero exit (137)', ContainerStatus: { ExitCode: 137 } } },
    ],
    { code: 'task-failed', state: 'failed', exit: 'exit 137', output: 'task: non-zero exit (137)' },
  ],
  [
    'was shut down as its node was drained',
    [running, { ...running, availability: 'drain' }, { task: { State: 'shutdown' }, availability: 'drain' }],
    { code: 'node-left-out', reason: 'node-drained', what: 'bench1' },
  ],
  [
    'has a node that went down',
    [running, { ...running, state: 'down' }],
    { code: 'node-left-out', reason: 'node-down' },
  ],
  ['was removed by somebody else', [running, {}], { code: 'node-left-out', reason: 'task-gone' }],
])('tells of a task that %s', async (_, story, expected) => {
  const { task, signal } = manager(story as never);
  await task.log(signal);
  const ended = await task.ended(signal);
  if (expected === undefined) expect(ended).toBeUndefined();
  else expect(ended).toMatchObject(expected);
});

it('is stopped by taking its service away, and then strikes it out', async () => {
  const { task, struck, signal } = manager([running, {}]);
  await task.log(signal);
  await task.stop();
  expect(struck).toEqual(['removed', 'service tare-abc-service-1']);
  expect(await task.ended(signal)).toEqual({ code: 'stopped' });
});

it('bears a manager that has no answer for a moment', async () => {
  const { task, signal } = manager([running, { silent: true }, { task: { State: 'complete' } }]);
  await task.log(signal);
  expect(await task.ended(signal)).toBeUndefined();
});

it('tells the swarm for which processor the image is', () => {
  const parts = {
    session: 'abc',
    image: 'i',
    constraints: [],
    secret: { id: 's', name: 'n' },
    node: 'node1',
  };
  expect(jobOf({ ...parts, architecture: 'arm64' })).toMatchObject({
    TaskTemplate: { Placement: { Platforms: [{ OS: 'linux', Architecture: 'arm64' }] } },
  });
});
