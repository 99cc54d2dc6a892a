/** Work that a door asked for and that holds containers or machines until it ends: closing the engine stops and awaits it. */
export class Jobs {
  private readonly ending = new AbortController();
  private readonly open = new Set<Promise<unknown>>();

  /** Does `work` with a signal that aborts when the engine closes. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const job = work(this.ending.signal);
    this.open.add(job);
    try {
      return await job;
    } finally {
      this.open.delete(job);
    }
  }

  /** Resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.open);
  }
}
