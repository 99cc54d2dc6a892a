/**
 * Tare on the node itself, started from within a task. A service may have no devices, no processes of its node and no privileges; but it may
 * have the engine's socket, and the engine starts what it is asked to. So the task asks it for a container of the same image that has all of
 * that, and whose program enters the node's file system: what runs there is what `ssh NODE tare run - --events` would be, and its figures are
 * the node's.
 *
 * Nothing of it stays: the container's volume, which the engine fills with the image's folder, is the program on the node's disk and the place
 * of all that the program writes, and the engine removes it with the container. The container ends when the task's connection does.
 */
import type Docker from 'dockerode';
import { PassThrough, type Duplex, type Writable } from 'node:stream';
import type { TaskOrder } from '../../../../contract/fleet/swarm';
import { toFailure } from '../../../base/errors';
import type { Channel, Gone } from '../../fleet/channel';
import { removeNetwork } from '../../../base/docker/network';
import { removeContainer } from '../../../base/docker/owned';
import { asking } from '../../../base/docker/refusal';
import { sessionLabel } from '../../../base/process/ledger';
import { settlesWithin } from '../../../base/signals';
import { imageFolder, places, programWords } from '../image/layout';
import { LogOutput } from '../log';

/** As of somebody who logs in on the node. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type SiblingOrder = Pick<TaskOrder, 'image' | 'session' | 'anyway'>;

/**
 * Enters the file system of the node's first process, and starts Tare from where the volume lies there: its first line of input that
 * begins with a slash. (A client of the engine's API may have sent something before it, which the engine hands on.) A shell reads a line byte by
 * byte, so that what follows is Tare's.
 */
const scriptOf = ({ anyway = false }: SiblingOrder): string =>
  [
    'while read -r at; do case $at in /*) break;; esac; done',
    'cd /',
    'export XDG_DATA_HOME="$at/home/data" XDG_CACHE_HOME="$at/home/cache" XDG_CONFIG_HOME="$at/home/config"',
    `exec ${programWords('$at')
      .map((word) => `"${word}"`)
      .join(' ')} run - --events${anyway ? ' --anyway' : ''}`,
  ].join('; ');

/**
 * By what is on a node it can be told whose it is: a task carries its order's session as a label, its sibling that and this word, and what
 * Tare in it makes those and digits of its own.
 */
const marker = 'swarmtask';
const ofAgent = new RegExp(`^(.+)${marker}(?:[0-9a-f]{12})?$`);
const orderOf = (label: string): string | undefined => ofAgent.exec(label)?.[1];

/** What a container of the node's own has. */
const siblingOf = (order: SiblingOrder): Docker.ContainerCreateOptions => {
  const { image, session } = order;
  return {
    Image: image,
    Entrypoint: [
      `${imageFolder}/${places.busybox}`,
      ...['nsenter', '--target', '1', '--mount', '--', '/bin/sh', '-c', scriptOf(order)],
    ],
    Env: [`PATH=${PATH}`, 'HOME=/root', 'LANG=C.UTF-8', `TARE_SESSION_PREFIX=${session}${marker}`],
    Labels: { [sessionLabel]: session + marker },
    ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
    HostConfig: {
      Privileged: true,
      ...{ PidMode: 'host', NetworkMode: 'host', IpcMode: 'host', UTSMode: 'host', UsernsMode: 'host' },
      CgroupnsMode: 'host', // @types/dockerode does not know it
      Mounts: [
        {
          Type: 'volume',
          Target: imageFolder,
          VolumeOptions: { Labels: { [sessionLabel]: session + marker } },
        },
      ],
      LogConfig: { Type: 'none', Config: {} },
      AutoRemove: true,
    } as unknown as Docker.ContainerCreateOptions['HostConfig'],
  };
};

/**
 * Removes what agents that were killed have left in the node's engine: the list of that is gone with an agent's volume. They were killed alone,
 * or with all of their node, as by a power cut; then nobody is there to remove it until a task comes again.
 * @param ended  the order whose own agent has ended; others are at work for as long as their task or its sibling runs
 * @throws {TareError} `docker-refused` · `docker-unreachable` · `not-stopped`
 */
export async function sweepSiblings(docker: Docker, ended?: string): Promise<void> {
  const filters = { label: [sessionLabel] };
  const containers = await asking('list containers', docker.listContainers({ all: true, filters }));
  const running = containers.filter(({ State }) => State === 'running').map(labelOf);
  const isAtWork = (order: string) =>
    order !== ended && (running.includes(order) || running.includes(order + marker));
  const isLeft = (one: Labelled): boolean => {
    const order = orderOf(labelOf(one));
    return order !== undefined && !isAtWork(order);
  };
  for (const { Id } of containers.filter(isLeft)) await removeContainer(docker, Id);
  const networks = await asking('list networks', docker.listNetworks({ filters }));
  for (const { Id } of networks.filter(isLeft)) await removeNetwork(docker, Id);
  // an engine that was cut off removes a sibling when it is on again, but not its volume
  const { Volumes } = await asking('list volumes', docker.listVolumes({ filters }));
  for (const { Name } of Volumes.filter(isLeft))
    await asking('remove volume', docker.getVolume(Name).remove());
}

interface Labelled {
  Labels?: Record<string, string> | null;
}
const labelOf = ({ Labels }: Labelled): string => Labels?.[sessionLabel] ?? '';

const abruptMs = 10_000;
/** What it has said comes with its end; a connection that stays open then has no more to tell. */
const readingMs = 5000;

/** @param docker  the engine of the node that the task runs on */
export const openSibling = (docker: Docker, order: SiblingOrder): Channel => new Sibling(docker, order);

class Sibling implements Channel {
  readonly input: Writable = new PassThrough();
  readonly output = new LogOutput();
  readonly gone: Promise<Gone>;
  private container: Docker.Container | undefined;

  constructor(
    private readonly docker: Docker,
    order: SiblingOrder,
  ) {
    this.input.on('error', () => undefined); // why it has ended is known when it is gone
    this.gone = this.run(order).then(
      (exit): Gone => ({ exit, output: this.output.complaint }),
      (error: unknown): Gone => ({ exit: '', output: this.output.complaint, failure: toFailure(error) }),
    );
    void this.gone.then(() => this.output.end());
  }

  /** @returns how it has ended */
  private async run(order: SiblingOrder): Promise<string> {
    const container = await asking('create', this.docker.createContainer(siblingOf(order)));
    this.container = container;
    try {
      const { Mounts } = await asking('inspect', container.inspect());
      const all = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
      const stream = (await asking('attach', container.attach(all))) as unknown as Duplex;
      const whenEnded = { condition: 'next-exit' } as const; // it has not begun yet
      const ended = asking('wait', container.wait(whenEnded)) as Promise<{ StatusCode: number }>;
      ended.catch(() => undefined); // told below
      const allRead = new Promise<void>((resolve) => void stream.once('close', resolve));
      stream.on('error', () => undefined); // why it has ended is known when it is gone
      stream.pipe(this.output);
      await asking('start', container.start());
      stream.write(`\n${Mounts[0]!.Source}\n`);
      this.input.pipe(stream);
      const { StatusCode } = await ended;
      await settlesWithin(allRead, readingMs);
      stream.unpipe(this.output);
      return `exit ${StatusCode}`;
    } finally {
      await removeContainer(this.docker, container.id).catch(() => undefined); // the engine does, when it has ended
    }
  }

  async close(politeMs: number): Promise<void> {
    this.input.end();
    const isGone = this.gone.then(() => undefined);
    if (await settlesWithin(isGone, politeMs)) return;
    await this.container?.stop({ t: abruptMs / 1000 }).catch(() => undefined);
    if (await settlesWithin(isGone, abruptMs)) return;
    if (this.container) await removeContainer(this.docker, this.container.id).catch(() => undefined);
    await isGone;
  }
}
