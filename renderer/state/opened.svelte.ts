import type { Run } from '../../main/contract/run/run';

/** The record that was last opened: from a file, or as that of a host of a run on several. It is shown and never kept. */
class Opened {
  #run = $state.raw<Run>();
  #host = $state.raw<string>();

  get run(): Run | undefined {
    return this.#run;
  }

  /** that made it; undefined of a file */
  get host(): string | undefined {
    return this.#host;
  }

  show(run: Run, host?: string): void {
    this.#run = run;
    this.#host = host;
  }
}

export const opened = new Opened();
