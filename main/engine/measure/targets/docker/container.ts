import type Docker from 'dockerode';
import type { Limits } from '../../../../contract/plan';
import { isPortTaken } from '../../../base/process/ports';
import { sessionLabel } from '../../../base/process/ledger';
import type { EnginePlace } from '../../../base/process/hostFiles';
import type { GroupNetwork, Instance, Mark } from '../target';
import { imageOnDisk, namesOf, type ReadyWorkload } from '../../../images/image/facts';
import type { RunScope } from '../../../base/scope';
import { ContainerInstance } from './instance';
import { endLeftProcesses } from '../../../base/docker/leftProcesses';
import { createOwned, settled, type OwnedContainer } from '../../../base/docker/owned';
import { asking, statusOf } from '../../../base/docker/refusal';
import { listenForStart, type StartEvents } from './startEvents';
import { TareError } from '../../../base/errors';

/** What is started, on which engine, with which of its runtimes (none: the engine's default). */
export interface Recipe {
  docker: Docker;
  ready: ReadyWorkload;
  runtime?: string;
  /** default: on this machine */
  engine?: EnginePlace;
}

/** Between the choice of a free port and its use someone else may take it. */
const attempts = 3;

/**
 * Starts one container. Marks `created` and `started`, and `network` and `exec` as the engine tells of them.
 * @throws {TareError} `docker-refused` with the reason, as when the command is not in the image · `docker-unreachable`;
 *   AbortError when aborted. Nothing is left behind in any case.
 */
export async function startContainer(
  recipe: Recipe,
  limits: Limits,
  mark: Mark,
  scope: RunScope,
  network?: GroupNetwork,
): Promise<Instance> {
  const events = listenForStart(recipe.docker, mark);
  try {
    return await startOnFreePort({ ...recipe, network }, limits, mark, scope, events);
  } finally {
    events.leave();
  }
}

async function startOnFreePort(
  recipe: Recipe & { network: GroupNetwork | undefined },
  limits: Limits,
  mark: Mark,
  scope: RunScope,
  events: StartEvents,
): Promise<Instance> {
  for (let attempt = 1; ; attempt++) {
    const port = await scope.freePort();
    const options = createOptions(recipe, limits, port, scope.ledger.session, recipe.network?.name);
    const { owned, reached } = await createReached(recipe, options, port, scope);
    try {
      if (attempt === 1) mark('created');
      events.watch(owned.container.id);
      await startOwned(owned, scope.signal);
      events.answered();
      mark('started');
      scope.signal.throwIfAborted();
      const image = imageOnDisk(recipe.ready.image);
      return new ContainerInstance(
        owned,
        { reached, published: port },
        limits.memoryBytes,
        image,
        recipe.engine,
      );
    } catch (error) {
      await owned.remove();
      const left = isRefusal(error) ? await endLeftProcesses(owned.container.id, scope.ledger) : undefined;
      // Engines word it in many ways, and whether a port of another machine is taken nobody here can tell.
      const isTaken = isRefusal(error) && (recipe.engine?.relay !== undefined || (await isPortTaken(port)));
      if (attempt < attempts && isTaken) continue;
      throw left ? leaving(error, left) : error;
    }
  }
}

/** A container, and the port of this computer that leads to its own as long as it is there. */
async function createReached(
  { docker, ready, engine }: Recipe,
  options: Docker.ContainerCreateOptions,
  port: number,
  scope: RunScope,
): Promise<{ owned: OwnedContainer; reached: number }> {
  const way = await engine?.relay?.open(port);
  try {
    const owned = await createOwned(docker, scope, options, ready.workload.name);
    if (!way) return { owned, reached: port };
    const remove = async () => {
      await way[Symbol.asyncDispose]();
      await owned.remove();
    };
    return { owned: { ...owned, remove }, reached: way.port };
  } catch (error) {
    await way?.[Symbol.asyncDispose]();
    throw error;
  }
}

type Left = NonNullable<Awaited<ReturnType<typeof endLeftProcesses>>>;

/** The same refusal, with what the runtime left running. */
const leaving = (error: unknown, left: Left): unknown =>
  error instanceof TareError && error.failure.code === 'docker-refused'
    ? new TareError({ ...error.failure, left }, { cause: error.cause })
    : error;

async function startOwned({ container }: OwnedContainer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // Never broken off: the engine would go on starting it while it is being removed.
  await settled(asking('start', container.start()), signal);
}

const isRefusal = (error: unknown): boolean =>
  error instanceof TareError && error.failure.code === 'docker-refused' && statusOf(error.cause) === 500;

/** An empty text takes the image's entrypoint away; an empty list would leave it. */
const entrypointWords = (words: string[]): string[] => (words.length === 0 ? [''] : words);

function createOptions(
  { ready, runtime }: Recipe,
  limits: Limits,
  port: number,
  session: string,
  network: string | undefined,
) {
  const { workload, image } = ready;
  const { openings: privileges = {} } = workload;
  const inside = `${image.port}/tcp`;
  return {
    Image: image.digest,
    ...(workload.entrypoint && { Entrypoint: entrypointWords(workload.entrypoint) }),
    ...(workload.command && { Cmd: workload.command }),
    ...(workload.workingDir !== undefined && { WorkingDir: workload.workingDir }),
    Env: Object.entries(workload.environment).map(([key, value]) => `${key}=${value}`),
    ExposedPorts: { [inside]: {} },
    ...(privileges.user !== undefined && { User: privileges.user }),
    Labels: { [sessionLabel]: session },
    HostConfig: {
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes, // memory and swap together: the same number means no swap
      NanoCpus: Math.round(limits.cpus * 1e9),
      PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      ...(privileges.pid && { PidMode: privileges.pid }),
      ...(privileges.privileged && { Privileged: true }),
      ...(runtime && { Runtime: runtime }),
      ...(network !== undefined && { NetworkMode: network }),
    },
    ...(network !== undefined && {
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: namesOf(workload) } } },
    }),
  } satisfies Docker.ContainerCreateOptions;
}

/** A group's network has another name each time; this one a person can create. */
const lineNetwork = 'tare-group';

/** The same start as a line for a terminal; the engine chooses the host's port. */
export function runLine({ ready, runtime }: Pick<Recipe, 'ready' | 'runtime'>): string[] {
  const { workload, image, network } = ready;
  const { memoryBytes, cpus } = workload.limits;
  const { pid, privileged, user } = workload.openings ?? {};
  // `--entrypoint` takes one word; the others come before the command
  const [program = '', ...args] = workload.entrypoint ?? [];
  // A folder's image has a tag only while it is the folder's newest; its digest stays.
  const named = workload.image?.kind === 'folder' ? image.digest : image.reference;
  return [
    ...['docker', 'run', '-d', '--rm'],
    ...(runtime ? ['--runtime', runtime] : []),
    ...['--memory', `${memoryBytes}b`, '--memory-swap', `${memoryBytes}b`, '--cpus', String(cpus)],
    ...(pid ? ['--pid', pid] : []),
    ...(privileged ? ['--privileged'] : []),
    ...(user !== undefined ? ['--user', user] : []),
    ...(network ? ['--network', lineNetwork] : []),
    ...(network ? namesOf(workload).flatMap((name) => ['--network-alias', name]) : []),
    ...(workload.workingDir !== undefined ? ['--workdir', workload.workingDir] : []),
    ...(workload.entrypoint ? ['--entrypoint', program] : []),
    ...['-p', `127.0.0.1::${image.port}`],
    ...Object.keys(workload.environment).flatMap((name) => ['-e', name]), // its value is the shell's
    named,
    ...args,
    ...(workload.command ?? []),
  ];
}
