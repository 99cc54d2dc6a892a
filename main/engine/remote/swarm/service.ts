/** Jobs of a swarm, one for each node, and the secret that tells them what to do. Ours until they are removed. */
import type Docker from 'dockerode';
import type { TaskOrder } from '../../../contract/fleet/swarm';
import { TareError } from '../../base/errors';
import { settled } from '../../base/docker/owned';
import { asking, refusal, statusOf } from '../../base/docker/refusal';
import type { Credentials } from '../../images/registry/credentials';
import { sessionLabel } from '../../base/process/ledger';
import type { RunScope } from '../../base/scope';
import { sleep } from '../../base/signals';
import { entryPoint } from './image/layout';
import { nodesOf } from './nodes';
import { orderFile, socketFile } from './task/places';

type Owner = Pick<RunScope, 'ledger' | 'signal'>;
type Kind = 'service' | 'secret';

/** One thing that the swarm keeps. */
export interface Owned {
  readonly id: string;
  readonly name: string;
  /** strikes it out of the ledger once it is gone. Safe to call twice. */
  remove(): Promise<void>;
}

/** Its stop has this long to end a run on its node and to sweep there; then the engine kills it. */
const graceMs = 120_000;
const nanosecondsPerMs = 1e6;

/** Of the engine's own text logs the plainest, whatever a node has as its default: some of the others cannot be read. */
const logDriver = { Name: 'json-file', Options: {} };

export interface JobParts {
  session: string;
  image: string;
  /** the kind of processor that the image is for, as images name it */
  architecture: string;
  constraints: readonly string[];
  secret: { id: string; name: string };
  /** the id of the one that it is for */
  node: string;
}

/**
 * A job that runs once on one node, and restarts nothing. One for each node and not one for all: so many can be at work at once as a person
 * chooses (Swarm bounds that for replicated jobs alone), one node's can be ended without the others', and none begins later on a node that was
 * drained. It is a global job, which goes to no other node when its own is lost. Its task may do no more than speak with the engine of its node: a service can be given no devices, no
 * processes of the node and no privileges, so it starts a sibling that has them (task/sibling.ts).
 */
export const jobOf = ({
  session,
  image,
  architecture,
  constraints,
  secret,
  node,
}: JobParts): Omit<Docker.ServiceSpec, 'Name'> => ({
  Labels: { [sessionLabel]: session },
  TaskTemplate: {
    ContainerSpec: {
      Image: image,
      Labels: { [sessionLabel]: session },
      Command: entryPoint,
      Args: ['swarm-task', orderFile],
      ReadOnly: true,
      CapabilityDrop: ['ALL'],
      // where SELinux confines containers, no other way leads to the socket
      Privileges: { SELinuxContext: { Disable: true } },
      Mounts: [{ Type: 'bind', Source: socketFile, Target: socketFile }],
      Secrets: [
        {
          SecretID: secret.id,
          SecretName: secret.name,
          File: { Name: orderFile, UID: '0', GID: '0', Mode: 0o400 },
        },
      ],
      StopGracePeriod: graceMs * nanosecondsPerMs,
    },
    RestartPolicy: { Condition: 'none' },
    Placement: {
      Constraints: [...constraints, `node.id==${node}`],
      Platforms: [{ OS: 'linux', Architecture: architecture }],
    },
    LogDriver: logDriver,
  },
  Mode: { GlobalJob: {} },
});

/**
 * What a task is to do, as a secret and not as a configuration: a plan may hold values of variables, and whoever may look at a swarm's
 * configurations reads them.
 * @throws {TareError} `docker-refused`, also of a plan that is larger than a swarm takes (500 KiB) · `docker-unreachable`
 */
export const createOrder = (docker: Docker, owner: Owner, order: TaskOrder): Promise<Owned> =>
  createOwned(docker, owner, 'secret', async (name) => {
    const Data = Buffer.from(JSON.stringify(order)).toString('base64');
    const secret = { Name: name, Labels: { [sessionLabel]: order.session }, Data };
    const { id } = (await docker.createSecret(secret)) as { id: string };
    return id;
  });

/**
 * @param login  for the registry that nodes take the image from
 * @throws {TareError} `docker-refused` · `docker-unreachable`
 */
export const createJob = (
  docker: Docker,
  owner: Owner,
  parts: JobParts,
  login: Credentials | undefined,
): Promise<Owned> =>
  createOwned(docker, owner, 'service', async (name) => {
    const spec = { ...jobOf(parts), Name: name };
    const { id } = await (login ? docker.createService(login, spec) : docker.createService(spec));
    return id;
  });

/** As with containers, the request is never broken off: what came of it is in the ledger. */
async function createOwned(
  docker: Docker,
  { ledger, signal }: Owner,
  kind: Kind,
  create: (name: string) => Promise<string>,
): Promise<Owned> {
  signal.throwIfAborted();
  const name = ledger.name(kind);
  const strike = ledger.note(kind, name);
  try {
    const id = await settled(create(name), signal);
    const remove = async () => {
      await removeNamed(docker, kind, id);
      strike();
    };
    return { id, name, remove };
  } catch (error) {
    if (statusOf(error) !== undefined) strike();
    throw refusal(`create ${kind}`, error);
  }
}

/** @throws {TareError} `docker-refused` · `docker-unreachable` */
export async function removeNamed(docker: Docker, kind: Kind, idOrName: string): Promise<void> {
  const one = kind === 'service' ? docker.getService(idOrName) : docker.getSecret(idOrName);
  try {
    await one.remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw refusal(`remove ${kind}`, error);
  }
}

const pollMs = 500;
/** Its stop has two minutes on a node. */
const goneMs = graceMs + 30_000;

/**
 * Resolves once no task of these services is left, which were removed before: their containers are gone from their nodes then. A node that is
 * down is not waited for; it removes its own as soon as it is back.
 * @throws {TareError} `not-stopped` when some are there still after two and a half minutes · `docker-refused` · `docker-unreachable`
 */
export async function tasksGone(docker: Docker, services: readonly string[]): Promise<void> {
  const deadline = performance.now() + goneMs;
  for (;;) {
    const tasks = (await asking('list tasks', docker.listTasks())) as TaskPlace[];
    const up = new Set((await nodesOf(docker)).filter(({ state }) => state === 'ready').map(({ id }) => id));
    const left = tasks.filter(({ ServiceID, NodeID = '' }) => services.includes(ServiceID) && up.has(NodeID));
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new TareError({ code: 'not-stopped', what: left.map(({ ID }) => `task ${ID}`).join(', ') });
    await sleep(pollMs);
  }
}

interface TaskPlace {
  ID: string;
  ServiceID: string;
  NodeID?: string;
}
