/** What a task does on its node: it has the plan run there, and tells all of it on its output, as `tare run - --events` does. */
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '../../../../contract/failures';
import { TaskOrder } from '../../../../contract/fleet/swarm';
import { openDocker } from '../../../base/docker/client';
import type { Channel } from '../../fleet/channel';
import { Wrapped } from '../wrapped';
import { socketFile } from './places';
import { openSibling, sweepSiblings } from './sibling';

export interface TaskParts {
  /** Tare on the node */
  node: Channel;
  /** the task's own: what is written to it comes home as lines of its log */
  output: Writable;
  /** aborts: the run is stopped, and what it came to is told */
  stop: AbortSignal;
}

/**
 * What a task's program is: it reads its order, and speaks with the engine of its node.
 * @throws {TareError} `docker-unreachable`; of a file that is no order what reading it throws
 */
export async function serveTask(file: string, parts: Omit<TaskParts, 'node'>): Promise<boolean> {
  const order = TaskOrder.parse(JSON.parse(await readFile(file, 'utf8')));
  const { docker } = await openDocker({ setting: `unix://${socketFile}`, signal: parts.stop });
  await sweepSiblings(docker).catch(() => undefined); // what cannot be removed now is in no run's way
  try {
    return await runTask(order, { ...parts, node: openSibling(docker, order) });
  } finally {
    await sweepSiblings(docker, order.session);
  }
}

/** Tare's own ends: each has told by a record or a failure what it came to. */
const ownEnds: ReadonlySet<string> = new Set([0, 1, 2, 3, 4, 130].map((code) => `exit ${code}`));

/**
 * Runs the order's plan on the node, and resolves once nothing of it is left there. What goes wrong is told as the rest is.
 * @returns whether Tare there came to an end of its own
 */
export async function runTask(
  { plan }: Pick<TaskOrder, 'plan'>,
  { node, output, stop }: TaskParts,
): Promise<boolean> {
  const leave = () => void node.input.end();
  node.input.write(`${JSON.stringify(plan)}\n`);
  stop.addEventListener('abort', leave, { once: true });
  if (stop.aborted) leave();
  await pipeline(node.output, new Wrapped(), output, { end: false });
  stop.removeEventListener('abort', leave);
  const { exit, output: said, failure } = await node.gone;
  if (!failure && ownEnds.has(exit)) return true;
  const told: Failure = failure ?? { code: 'agent-ended', exit, output: said };
  output.write(`\n${JSON.stringify({ kind: 'failure', failure: told })}\n`);
  return false;
}
