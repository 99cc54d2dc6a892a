import type { Environment, OtherWork } from '../../../contract/run/run';

/** Keeps in a run's environment what other Tares were seen to have under way while it was measured, each once. */
export class OthersSeen {
  private readonly seen = new Map<string, OtherWork>();

  /** @param others  what they have under way now */
  constructor(private readonly others: () => OtherWork[]) {}

  look(environment: Environment): void {
    for (const work of this.others()) this.seen.set(`${work.pid} ${work.kind} ${work.startedAt}`, work);
    if (this.seen.size > 0) environment.otherWork = [...this.seen.values()];
  }
}
