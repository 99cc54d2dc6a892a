import type { RunId } from '../../contract/run/run';
import { TareError } from '../errors';
import type { StartedRun } from '../run/start';

/** At most one run at a time, from the moment it is asked for: two would measure each other. */
export class CurrentRun {
  private held: { id: RunId; begun: Promise<StartedRun> } | undefined;

  /** @param closing  aborted: nothing may begin any more */
  constructor(private readonly closing: AbortSignal) {}

  /** also while it is only about to begin */
  get id(): RunId | undefined {
    return this.held?.id;
  }

  /**
   * Takes the place before it waits for anything, and gives it back when the run is over or did not begin.
   * @param begin  may find `closing` aborted after a wait of its own, and must then throw
   * @throws {TareError} `run-under-way`; AbortError when closing; what `begin` throws
   */
  async start(id: RunId, begin: () => Promise<StartedRun>): Promise<RunId> {
    if (this.held) throw new TareError({ code: 'run-under-way', id: this.held.id });
    this.closing.throwIfAborted();
    const begun = begin();
    this.held = { id, begun };
    const release = () => (this.held = undefined);
    try {
      const { finished } = await begun;
      void finished.then(release, release);
    } catch (error) {
      release();
      throw error;
    }
    return id;
  }

  /** Stops the run, if it is this one (default: whichever), and resolves once everything it started is gone. */
  async stop(id = this.id): Promise<void> {
    if (!this.held || this.held.id !== id) return;
    const started = await this.held.begun.catch(() => undefined); // who asked for it is told
    await started?.stop();
  }
}
