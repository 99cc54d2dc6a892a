import type { Run } from '../../main/contract/run/run';

/** The record that was last opened from a file. It is shown and never kept. */
class Opened {
  #run = $state.raw<Run>();

  get run(): Run | undefined {
    return this.#run;
  }

  show(run: Run): void {
    this.#run = run;
  }
}

export const opened = new Opened();
