/** One node's task, from its job's creation until it is removed. */
import type Docker from 'dockerode';
import type { Failure } from '../../../contract/failures';
import { TareError } from '../../base/errors';
import type { RunScope } from '../../base/scope';
import type { AgentImage } from './image/image';
import { followTask, type LogOutput } from './log';
import type { SwarmNode } from './nodes';
import { createJob, type Owned } from './service';
import type { NodeTask } from './taskChannel';
import {
  hasEnded,
  isBefore,
  isUnplaced,
  leftOut,
  nodeDoubt,
  taskFailure,
  type SwarmTask,
  type SwarmWatch,
} from './watch';

/** A manager gives a task to its node within a second. */
const placingMs = 60_000;
/** A node may have to pull the image: 100 MB, from a registry that may be far. */
const startingMs = 15 * 60_000;

/** Ends of a task whose program was never started, so that there is no log. */
const neverRan = new Set(['rejected', 'orphaned']);

/** What the tasks of a run share. */
export interface JobOrder {
  docker: Docker;
  scope: Pick<RunScope, 'ledger' | 'signal'>;
  image: Pick<AgentImage, 'name' | 'reference' | 'architecture' | 'login'>;
  constraints: readonly string[];
  secret: { id: string; name: string };
  watch: SwarmWatch;
}

export class TaskOnNode implements NodeTask {
  private job: Owned | undefined;
  private isStopped = false;

  constructor(
    private readonly node: Pick<SwarmNode, 'id' | 'hostname'>,
    private readonly order: JobOrder,
    private readonly limits = { placingMs, startingMs },
  ) {}

  /** of the service, once there is one */
  get service(): string | undefined {
    return this.job?.id;
  }

  async log(signal: AbortSignal): Promise<LogOutput> {
    const { docker, scope, image, constraints, secret } = this.order;
    const { reference, architecture, login } = image;
    const { session } = scope.ledger;
    const parts = { session, image: reference, architecture, constraints, secret, node: this.node.id };
    this.job = await createJob(docker, scope, parts, login);
    return followTask(docker, await this.started(signal), signal);
  }

  /** @returns the task's id, once it runs or has run */
  private started(signal: AbortSignal): Promise<string> {
    const { watch, image } = this.order;
    const begunMs = performance.now();
    return watch.until(() => {
      const [task, doubt] = this.seen();
      if (task && !isBefore(task)) {
        if (neverRan.has(task.Status.State)) throw new TareError(doubt ?? taskFailure(task, image.name));
        return task.ID;
      }
      if (doubt) throw new TareError(doubt);
      const tookMs = performance.now() - begunMs;
      if (tookMs > this.limits.placingMs && isUnplaced(task))
        throw new TareError(leftOut('not-placed', task?.Status.Err ?? ''));
      if (tookMs > this.limits.startingMs)
        throw new TareError(leftOut('not-started', task?.Status.Message ?? ''));
      return undefined;
    }, signal);
  }

  private seen(): [SwarmTask | undefined, ReturnType<typeof nodeDoubt>] {
    const { watch } = this.order;
    return [this.job && watch.task(this.job.id), nodeDoubt(watch.node(this.node.id))];
  }

  async ended(signal: AbortSignal): Promise<Failure | undefined> {
    const { watch, image } = this.order;
    const { failure } = await watch.until((): { failure?: Failure } | undefined => {
      const [task, doubt] = this.seen();
      if (task?.Status.State === 'complete') return {};
      if (this.isStopped && (!task || hasEnded(task))) return { failure: { code: 'stopped' } };
      if (!task) return { failure: doubt ?? leftOut('task-gone', this.node.hostname) };
      if (hasEnded(task)) return { failure: doubt ?? taskFailure(task, image.name) };
      return doubt?.reason === 'node-down' ? { failure: doubt } : undefined;
    }, signal);
    return failure;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.job?.remove();
  }
}
