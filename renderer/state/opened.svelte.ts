import type { OpenedRecord } from '../../main/contract/exports';
import type { Fleet } from '../../main/contract/fleet/fleet';
import type { Run } from '../../main/contract/run/run';

/** What was opened last: from a file, or as that of a host of a run on several. It is shown and never kept. */
class Opened {
  #shown = $state.raw<OpenedRecord>();
  #host = $state.raw<string>();
  #fleet = $state.raw<Fleet>();

  get shown(): OpenedRecord | undefined {
    return this.#shown;
  }

  /** that made the run which is shown; undefined of a file */
  get host(): string | undefined {
    return this.#host;
  }

  /** a file's run on several hosts, of which that of one is shown */
  get fleet(): Fleet | undefined {
    return this.#fleet;
  }

  show(shown: OpenedRecord): void {
    this.#shown = shown;
    this.#host = undefined;
    this.#fleet = undefined;
  }

  /** @param from  the file that the run was in, if any */
  showHost(record: Run, host: string, from?: Fleet): void {
    this.#shown = { record };
    this.#host = host;
    this.#fleet = from;
  }
}

export const opened = new Opened();
