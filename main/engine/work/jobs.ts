import { anySignal } from '../signals';

interface Job {
  name: string;
  stopping: AbortController;
  done: Promise<unknown>;
}

/** Work that a door asked for and that holds containers or machines until it ends: closing the engine stops and awaits it. */
export class Jobs {
  private readonly ending = new AbortController();
  private readonly open = new Set<Job>();

  /**
   * Does `work` with a signal that aborts when the engine closes, or when `stop` is called with this name.
   * @param name  the call that asked for it
   */
  async run<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopping = new AbortController();
    const either = anySignal(this.ending.signal, stopping.signal);
    const job: Job = { name, stopping, done: work(either.signal) };
    this.open.add(job);
    try {
      return (await job.done) as T;
    } finally {
      this.open.delete(job);
      either.release();
    }
  }

  /** The names of those that are under way. */
  names(): string[] {
    return [...this.open].map(({ name }) => name);
  }

  /** Aborts every job of this name; resolves when nothing of them is left. */
  async stop(name: string): Promise<void> {
    const found = [...this.open].filter((job) => job.name === name);
    for (const { stopping } of found) stopping.abort();
    await Promise.allSettled(found.map(({ done }) => done));
  }

  /** Resolves when nothing of any is left. */
  async close(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled([...this.open].map(({ done }) => done));
  }
}
