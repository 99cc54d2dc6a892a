import { z } from 'zod';
import { thisHost, type Host } from '../../../main/contract/fleet/host';
import type { SwarmOptions } from '../../../main/contract/fleet/swarm';
import { readOnly } from '../access';

/** Where a plan is run: on computers by their names, or on the nodes of the engine's swarm. */
export type Where = { hosts: string[] } | { swarm: SwarmOptions };

/** Whether a run there is one on this computer alone, as any other. */
export const isHere = (where: Where): boolean =>
  'hosts' in where && where.hosts.every((name) => name === thisHost);

/** How the nodes of a swarm are chosen, as it is typed. */
const SwarmDraft = z.object({ constraints: z.string(), maxConcurrent: z.string(), registry: z.string() });
export type SwarmDraft = z.infer<typeof SwarmDraft>;

const Kept = z.object({ names: z.array(z.string()), onSwarm: z.boolean(), swarm: SwarmDraft });
type Kept = z.infer<typeof Kept>;

const key = 'tare.run-on';
const usual: Kept = {
  names: [thisHost],
  onSwarm: false,
  swarm: { constraints: '', maxConcurrent: '', registry: '' },
};

/** Where plans are run, as it was chosen last; kept in the browser's storage. */
class ChosenHosts {
  #kept = $state.raw(readKept());

  /** Those that are still kept, this computer first; this one where none is. */
  among(kept: readonly Host[]): string[] {
    const names = [thisHost, ...kept.map(({ name }) => name)].filter((name) =>
      this.#kept.names.includes(name),
    );
    return names.length > 0 ? names : [thisHost];
  }

  /** on the swarm instead, where there is one */
  get onSwarm(): boolean {
    return this.#kept.onSwarm;
  }
  get swarm(): SwarmDraft {
    return this.#kept.swarm;
  }

  set(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    localStorage.setItem(key, JSON.stringify(this.#kept));
  }
}

function readKept(): Kept {
  if (readOnly) return usual;
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(key) ?? 'null'));
  } catch {
    return usual; // what cannot be read is no reason not to start
  }
}

export const chosenHosts = new ChosenHosts();
