/** How the tasks of this session's jobs stand, and the nodes they are on: asked of the manager once a second for all of them. */
import type Docker from 'dockerode';
import { z } from 'zod';
import type { Failure } from '../../../contract/failures';
import { asking } from '../../base/docker/refusal';
import { TareError, toFailure } from '../../base/errors';
import { sleep } from '../../base/signals';
import { nodesOf, type SwarmNode } from './nodes';

const word = z.string().max(1000).default('');
const ToldTask = z.object({
  ID: z.string().max(100),
  ServiceID: z.string().max(100).default(''),
  Status: z.object({
    State: word,
    Message: word,
    Err: word,
    ContainerStatus: z.object({ ExitCode: z.number().default(0) }).nullish(),
  }),
});
export type SwarmTask = z.infer<typeof ToldTask>;

/** Before it runs, while it does, and after; as swarmkit orders them (api/types.proto, TaskState). */
const before = new Set([
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
]);
/** Not yet given to its node. */
const unplaced = new Set(['new', 'allocated', 'pending']);
const ends = new Set(['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove']);

export const isBefore = ({ Status }: SwarmTask): boolean => before.has(Status.State);
export const isUnplaced = (task: SwarmTask | undefined): boolean =>
  task === undefined || unplaced.has(task.Status.State);
export const hasEnded = ({ Status }: SwarmTask): boolean => ends.has(Status.State);

/**
 * Why nothing is to be had of a node now; undefined where it can take a task. `unknown` and `disconnected` pass: a manager that has just become
 * the leader has not heard of its nodes yet, and a node looks for another manager.
 */
export function nodeDoubt(
  node: SwarmNode | undefined,
): Extract<Failure, { code: 'node-left-out' }> | undefined {
  if (!node) return leftOut('node-gone', '');
  const { state, availability, hostname } = node;
  if (state === 'down') return leftOut('node-down', hostname);
  if (availability === 'drain') return leftOut('node-drained', hostname);
  return availability === 'pause' ? leftOut('node-paused', hostname) : undefined;
}

type LeftOut = Extract<Failure, { code: 'node-left-out' }>;
export const leftOut = (reason: LeftOut['reason'], what: string): LeftOut => ({
  code: 'node-left-out',
  reason,
  what,
});

/** Why a task has ended that has not told it itself. */
export function taskFailure({ Status }: SwarmTask, image: string): Failure {
  const { State: state, Err, Message, ContainerStatus } = Status;
  const output = Err || Message;
  if (/No such image/i.test(output)) return { code: 'agent-image-missing', image };
  const exit = ContainerStatus ? `exit ${ContainerStatus.ExitCode}` : '';
  return { code: 'task-failed', state, exit, output };
}

const everyMs = 1000;
/** Managers that choose a new leader have no answer for some seconds. */
const patienceMs = 60_000;

/** What was seen last. Nothing is asked while nobody waits. */
export class SwarmWatch {
  private tasks: SwarmTask[] = [];
  private nodes: SwarmNode[] = [];
  private failing: { failure: Failure; sinceMs: number } | undefined;
  private looking: Promise<void>;

  constructor(
    private readonly docker: Docker,
    private readonly periodMs = everyMs,
  ) {
    this.looking = this.look();
  }

  /** The one of a service that has one. */
  task(service: string): SwarmTask | undefined {
    return this.tasks.find(({ ServiceID }) => ServiceID === service);
  }

  node(id: string): SwarmNode | undefined {
    return this.nodes.find((node) => node.id === id);
  }

  /**
   * Resolves with what `find` finds, as soon as it finds anything.
   * @throws {TareError} why the manager has not answered for a minute · AbortError when aborted
   */
  async until<T>(find: () => T | undefined, signal: AbortSignal): Promise<T> {
    for (;;) {
      const seen = this.looking;
      await seen;
      signal.throwIfAborted();
      const { failure, sinceMs = 0 } = this.failing ?? {};
      if (failure && performance.now() - sinceMs > patienceMs) throw new TareError(failure);
      const found = find();
      if (found !== undefined) return found;
      // all who wait for the next look wait for the same one
      if (this.looking === seen) this.looking = sleep(this.periodMs).then(() => this.look());
    }
  }

  private async look(): Promise<void> {
    try {
      const [told, nodes] = await Promise.all([
        asking('list tasks', this.docker.listTasks()),
        nodesOf(this.docker),
      ]);
      this.tasks = z.array(ToldTask).parse(told);
      this.nodes = nodes;
      this.failing = undefined;
    } catch (error) {
      this.failing ??= { failure: toFailure(error), sinceMs: performance.now() };
    }
  }
}
