/** A task on a node as the program that a host is reached by: its log is a run's stream of events, and the end of its input its stop. */
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '../../../contract/failures';
import { TareError, toFailure } from '../../base/errors';
import { settlesWithin } from '../../base/signals';
import type { Channel, Gone } from '../fleet/channel';
import type { LogOutput } from './log';
import { Unwrapped } from './wrapped';

/** A node's part in a run. */
export interface NodeTask {
  /** begins it, waits until it runs or has run, and opens its log; @throws {TareError} why there is none */
  log(signal: AbortSignal): Promise<LogOutput>;
  /** resolves when nothing more can come of it, with why; undefined where it came to its end */
  ended(signal: AbortSignal): Promise<Failure | undefined>;
  /** has it stopped and removed; resolves once that is asked for. Safe to call twice */
  stop(): Promise<void>;
}

/** What a task has told comes with its end; a node that is down tells nothing more. */
const readingMs = 10_000;

export class TaskChannel implements Channel {
  /** the task has its plan already, and hears nothing but its stop */
  readonly input = new Writable({
    write: (_chunk, _encoding, done) => done(),
    final: (done) => {
      void this.stop();
      done();
    },
  });
  readonly output = new PassThrough();
  readonly gone: Promise<Gone>;
  private readonly closing = new AbortController();
  private stopping: Promise<void> | undefined;
  private complaint = '';

  constructor(
    private readonly task: NodeTask,
    private readonly limitMs = readingMs,
  ) {
    this.output.on('error', () => undefined); // told to who reads it
    this.gone = this.run().then(
      () => ({ exit: '', output: this.complaint }),
      (error: unknown) => ({ exit: '', output: this.complaint, failure: toFailure(error) }),
    );
    void this.gone.then(() => this.output.end());
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    const log = await this.task.log(signal);
    const ended = this.task.ended(signal);
    let late: NodeJS.Timeout | undefined;
    void ended.then(
      // the log of what was killed may be left open by its manager
      (failure) => (late = setTimeout(() => log.destroy(whyEnded(failure, log)), this.limitMs)),
      (error: Error) => log.destroy(error),
    );
    const broken = await pipeline(log, new Unwrapped(), this.output, { end: false }).then(
      () => undefined,
      (error: Error) => error,
    );
    // how its task has ended tells more than a log that breaks off
    const isOver = await settlesWithin(ended.then(noMore, noMore), this.limitMs);
    clearTimeout(late);
    this.complaint = log.complaint;
    const failure = isOver ? await ended : undefined;
    if (failure) throw whyEnded(failure, log);
    if (broken) throw broken;
    if (!isOver) throw whyEnded(undefined, log); // of one that still runs nothing more is heard
  }

  private stop(): Promise<void> {
    return (this.stopping ??= this.task.stop().catch(() => undefined)); // it is in the ledger
  }

  async close(politeMs: number): Promise<void> {
    const isGone = this.gone.then(() => undefined);
    await this.stop();
    if (await settlesWithin(isGone, politeMs)) return;
    this.closing.abort();
    await isGone;
  }
}

const noMore = (): void => undefined;

/** What a task has said itself tells more than what its manager knows of it. */
function whyEnded(failure: Failure | undefined, { complaint }: LogOutput): TareError {
  const ended = failure ?? { code: 'agent-ended', exit: '', output: '' };
  const isMute = ended.code === 'task-failed' || ended.code === 'agent-ended';
  return new TareError(isMute && complaint !== '' ? { ...ended, output: complaint } : ended);
}
