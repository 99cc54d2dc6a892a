/**
 * Tare on the node itself, started from within a task. A service may have no devices, no processes of its node and no privileges; but it may
 * have the engine's socket, and the engine starts what it is asked to. So the task asks it for a container of the same image that has all of
 * that, and whose program enters the node's file system: what runs there is what `ssh NODE tare agent --stdio` would be, and its figures are
 * the node's.
 *
 * Nothing of it stays: the container's volume, which the engine fills with the image's folder, is the program on the node's disk and the place
 * of all that the program writes, and the engine removes it with the container. The container ends when the task's connection does.
 */
import type Docker from 'dockerode';
import { PassThrough, type Duplex } from 'node:stream';
import type { TaskOrder } from '../../../contract/fleet/swarm';
import { toFailure } from '../../errors';
import { cleaned, type Channel, type Gone, type Way } from '../../fleet/channel';
import { removeNetwork } from '../../docker/network';
import { removeContainer } from '../../docker/owned';
import { asking } from '../../docker/refusal';
import { sessionLabel } from '../../process/ledger';
import { settlesWithin } from '../../signals';
import { imageFolder, places, programWords } from '../image/layout';

/** As of somebody who logs in on the node. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Enters the file system of the node's first process, and starts the agent from where the volume lies there: its first line of input that
 * begins with a slash. (A client of the engine's API may have sent something before it, which the engine hands on.) A shell reads a line byte by
 * byte, so that what follows is the agent's.
 */
const script = [
  'while read -r at; do case $at in /*) break;; esac; done',
  'cd /',
  'export XDG_DATA_HOME="$at/home/data" XDG_CACHE_HOME="$at/home/cache" XDG_CONFIG_HOME="$at/home/config"',
  `exec ${programWords('$at')
    .map((word) => `"${word}"`)
    .join(' ')} agent --stdio`,
].join('; ');

/** What a container of the node's own has. */
const siblingOf = ({
  image,
  session,
}: Pick<TaskOrder, 'image' | 'session'>): Docker.ContainerCreateOptions => ({
  Image: image,
  Entrypoint: [
    `${imageFolder}/${places.busybox}`,
    ...['nsenter', '--target', '1', '--mount', '--', '/bin/sh', '-c', script],
  ],
  Env: [`PATH=${PATH}`, 'HOME=/root', 'LANG=C.UTF-8', `TARE_SESSION_PREFIX=${session}`],
  Labels: { [sessionLabel]: session },
  Volumes: { [imageFolder]: {} },
  ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
  HostConfig: {
    Privileged: true,
    ...{ PidMode: 'host', NetworkMode: 'host', IpcMode: 'host', UTSMode: 'host', UsernsMode: 'host' },
    CgroupnsMode: 'host', // @types/dockerode does not know it
    LogConfig: { Type: 'none', Config: {} },
    AutoRemove: true,
  } as Docker.ContainerCreateOptions['HostConfig'],
});

/**
 * Removes what an agent that was killed has left in the node's engine: its list of that is gone with its volume. Sessions of this order's agents
 * are called after the order's; what carries the order's very own label are the task and its sibling.
 * @throws {TareError} `docker-refused` · `docker-unreachable` · `not-stopped`
 */
export async function sweepAfterSibling(
  docker: Docker,
  { session }: Pick<TaskOrder, 'session'>,
): Promise<void> {
  const options = { all: true, filters: { label: [sessionLabel] } };
  const isAgents = ({ Labels }: { Labels?: Record<string, string> }): boolean => {
    const own = Labels?.[sessionLabel] ?? '';
    return own !== session && own.startsWith(session);
  };
  const containers = await asking('list containers', docker.listContainers(options));
  for (const { Id } of containers.filter(isAgents)) await removeContainer(docker, Id);
  const networks = await asking('list networks', docker.listNetworks({ filters: options.filters }));
  for (const { Id } of networks.filter(isAgents)) await removeNetwork(docker, Id);
}

const longestOutput = 16 * 1024;
const abruptMs = 10_000;
/** What it has said comes with its end; a connection that stays open then has no more to tell. */
const readingMs = 5000;

/** @param docker  the engine of the node that the task runs on */
export const siblingWay = (docker: Docker, order: Pick<TaskOrder, 'image' | 'session'>): Way => ({
  explain: () => undefined,
  open: () => new Sibling(docker, order),
});

class Sibling implements Channel {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly gone: Promise<Gone>;
  private container: Docker.Container | undefined;
  private said = '';

  constructor(
    private readonly docker: Docker,
    order: Pick<TaskOrder, 'image' | 'session'>,
  ) {
    this.input.on('error', () => undefined); // why it has ended is known when it is gone
    this.gone = this.run(order).then(
      (exit): Gone => ({ exit, output: cleaned(this.said) }),
      (error: unknown): Gone => ({ exit: '', output: cleaned(this.said), failure: toFailure(error) }),
    );
    void this.gone.then(() => this.output.end());
  }

  /** @returns how it has ended */
  private async run(order: Pick<TaskOrder, 'image' | 'session'>): Promise<string> {
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
      const complained = new PassThrough();
      complained.on('data', (chunk: Buffer) => {
        this.said = (this.said + chunk.toString('utf8')).slice(-longestOutput);
      });
      this.docker.modem.demuxStream(stream, this.output, complained);
      await asking('start', container.start());
      stream.write(`\n${Mounts[0]!.Source}\n`);
      this.input.pipe(stream);
      const { StatusCode } = await ended;
      await settlesWithin(allRead, readingMs);
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
    if (this.container) await removeContainer(this.docker, this.container.id);
    await isGone;
  }
}
