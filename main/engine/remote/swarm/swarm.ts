/** The nodes of a swarm as hosts of a run. */
import type Docker from 'dockerode';
import type { NodeFound, SwarmOptions } from '../../../contract/fleet/swarm';
import type { Failure } from '../../../contract/failures';
import type { Plan } from '../../../contract/plan';
import { tell } from '../../../contract/messages';
import { TareError, toFailure } from '../../base/errors';
import type { Channel, Way } from '../fleet/channel';
import type { OpenHosts } from '../fleet/collect';
import type { ReachableHost } from '../fleet/measure';
import type { HostsOfRun, HostsOrder } from '../fleet/start';
import { matchesAll } from './constraints';
import { agentImage, type AgentImage } from './image/image';
import { TaskOnNode } from './nodeTask';
import { architectureOf, namesOf, needManager, nodesOf, type SwarmNode } from './nodes';
import { createOrder, tasksGone } from './service';
import { TaskChannel, type NodeTask } from './taskChannel';
import { leftOut, nodeDoubt, SwarmWatch } from './watch';

/**
 * Images that were built here: a swarm hands them to no node.
 * @throws {TareError} `not-on-hosts`
 */
export function needImagesElsewhere({ workloads }: Plan): void {
  const own = workloads.find(({ image }) => image?.kind === 'folder');
  if (own) throw new TareError({ code: 'not-on-hosts', reason: 'swarm-own-image', what: own.name });
}

/**
 * The nodes that match the constraints. Those that cannot be measured are hosts too: whoever reaches for them is told why. In the end nothing is
 * left of it in the swarm.
 * @throws {TareError} `not-a-manager` · `no-nodes` · as {@link agentImage} · `docker-refused` · `docker-unreachable`
 */
export const swarmHosts =
  (options: SwarmOptions): HostsOfRun =>
  async (order) => {
    const { resources, scope } = order;
    const { docker } = await resources.docker(scope.signal);
    const nodes = await matchingNodes(docker, options);
    if (nodes.length === 0) throw new TareError({ code: 'no-nodes', names: options.constraints });
    const image = await agentImage(docker, resources, options, scope);
    try {
      return await hostsOf(nodes, { docker, image, options, order });
    } catch (error) {
      await image[Symbol.asyncDispose]();
      throw error;
    }
  };

/** @throws {TareError} `not-a-manager` · `docker-refused` · `docker-unreachable` */
async function matchingNodes(
  docker: Docker,
  { constraints }: Pick<SwarmOptions, 'constraints'>,
): Promise<SwarmNode[]> {
  await needManager(docker);
  return (await nodesOf(docker)).filter((node) => matchesAll(constraints, node));
}

/** The same as a door may ask for them, before there is a run. @throws as {@link matchingNodes} */
export async function nodesFound(
  docker: Docker,
  options: Pick<SwarmOptions, 'constraints'>,
): Promise<NodeFound[]> {
  const nodes = await matchingNodes(docker, options);
  const names = namesOf(nodes);
  return nodes.map((node) => {
    const failure = nodeDoubt(node);
    return { name: names.get(node.id)!, ...(failure && { failure }) };
  });
}

interface Parts {
  docker: Docker;
  image: AgentImage;
  options: SwarmOptions;
  order: HostsOrder;
}

async function hostsOf(
  nodes: readonly SwarmNode[],
  { docker, image, options, order }: Parts,
): Promise<OpenHosts> {
  const { plan, anyway, scope } = order;
  const { session } = scope.ledger;
  const secret = await createOrder(docker, scope, { session, image: image.reference, plan, anyway });
  const { constraints, maxConcurrent } = options;
  const job = { docker, scope, image, constraints, secret, watch: new SwarmWatch(docker) };
  const names = namesOf(nodes);
  const tasks: TaskOnNode[] = [];
  const hosts = nodes.map((node): ReachableHost => {
    const task = new TaskOnNode(node, job);
    tasks.push(task);
    return { name: names.get(node.id)!, way: 'swarm', reach: wayTo(node, task, image.architecture) };
  });
  const remove = async () => {
    for (const task of tasks) await task.stop();
    await tasksGone(
      docker,
      tasks.flatMap(({ service }) => service ?? []),
    );
    await secret.remove();
    await image[Symbol.asyncDispose]();
  };
  return {
    hosts,
    ...(maxConcurrent !== undefined && { atOnce: maxConcurrent }),
    // what cannot be removed now is in the ledger
    [Symbol.asyncDispose]: () =>
      remove().catch((error: unknown) => {
        const { code } = toFailure(error);
        const text = tell('warning.leftover', { name: secret.name, reason: code });
        order.emit({ kind: 'warning', run: order.id, text });
      }),
  };
}

/** Until a task's run has begun: its node may have to pull the image before. */
const helloMs = 20 * 60_000;

function wayTo(node: SwarmNode, task: NodeTask, architecture: string): Way {
  const doubt = nodeDoubt(node) ?? unfitFor(node, architecture);
  let isOpened = false;
  return {
    explain: () => undefined,
    helloMs,
    onlyRuns: true,
    open(): Channel {
      // a task is there for one run: who comes again, after it was lost, finds none
      const isAgain = isOpened;
      isOpened = true;
      if (isAgain) return new TaskChannel(refusing(leftOut('task-gone', node.hostname)));
      return new TaskChannel(doubt ? refusing(doubt) : task);
    },
  };
}

const unfitFor = (node: SwarmNode, architecture: string) =>
  node.os.toLowerCase() === 'linux' && architectureOf(node) === architecture
    ? undefined
    : leftOut('other-processor', `${node.os} ${node.architecture}`);

/** A node of which nothing is asked. */
const refusing = (failure: Failure): NodeTask => ({
  log: () => Promise.reject(new TareError(failure)),
  ended: () => Promise.resolve(failure),
  stop: () => Promise.resolve(),
});
