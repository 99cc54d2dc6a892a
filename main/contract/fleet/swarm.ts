/** A run on the nodes of a Docker Swarm: what a person may choose, and what a task on a node is given. */
import { z } from 'zod';
import type { Failure } from '../failures';
import type { Problem } from '../messages';
import { Plan } from '../plan';
import { mostHosts, type HostName } from './host';

/**
 * `KEY==VALUE` or `KEY!=VALUE`, of what Swarm itself takes (swarmkit, manager/constraint); names the key, the sign and the value.
 */
export const constraintForm =
  /^\s*(?<key>[a-z_][\w.-]+)\s*(?<sign>==|!=)\s*(?<value>[\w:.*()?+[\]\\^$|/-][\w:\s.*()?+[\]\\^$|/-]*?)\s*$/i;

/** `HOST[:PORT]/NAME` without a tag: where the agent's image is pushed to, for the nodes to pull it from. */
const repositoryForm =
  /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?)(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/i;

export const SwarmOptions = z.strictObject({
  /** nodes that match all of them; none: every node */
  constraints: z
    .array(
      z
        .string()
        .max(500)
        .regex(constraintForm, 'not-a-constraint' satisfies Problem),
    )
    .max(50)
    .default([]),
  /** as many nodes measure at once; absent: all of them */
  maxConcurrent: z.number().int().min(1).max(mostHosts).optional(),
  /** absent: the nodes must have the agent's image already */
  registry: z
    .string()
    .max(255)
    .regex(repositoryForm, 'not-a-repository' satisfies Problem)
    .optional(),
  /** leaves the agent's image in the engine, so that it can be handed on to nodes */
  keepImage: z.boolean().default(false),
});
export type SwarmOptions = z.infer<typeof SwarmOptions>;

/** A node of the engine's swarm, as a run would have it among its hosts. */
export interface NodeFound {
  name: HostName;
  /** why it gives no run as it stands now */
  failure?: Failure;
}

/** What a task on a node is given, as a secret of the swarm. */
export const TaskOrder = z.strictObject({
  /** of the Tare that asks: what the task makes carries it as a label */
  session: z.string().regex(/^[a-z0-9]{1,100}$/),
  /** the image that the task itself runs */
  image: z.string().max(500),
  plan: Plan,
  anyway: z.boolean().optional(),
});
export type TaskOrder = z.infer<typeof TaskOrder>;
