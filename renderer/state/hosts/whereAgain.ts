/** The same plan once more, where it was measured before. */
import type { FleetOverview } from '../../../main/contract/fleet/fleet';
import { thisHost, withoutUser, type Host } from '../../../main/contract/fleet/host';
import type { Where } from './chosen.svelte';

/** Where a run on several hosts can be made again. */
interface Again {
  where: Where;
  /** names of those that cannot be reached by what is kept of them now */
  unknown: string[];
}

/**
 * The same hosts, as far as they are kept by the same name and address; all of them where none is, so that whoever is asked says why not.
 * Of a swarm, the nodes that are found in the same way.
 */
export function whereAgain(
  { hosts, swarm }: Pick<FleetOverview, 'hosts' | 'swarm'>,
  kept: readonly Host[],
): Again {
  if (swarm) return { where: { swarm }, unknown: [] };
  const known: string[] = [];
  const unknown: string[] = [];
  for (const { name, way, address } of hosts) {
    if (way === 'local') known.push(thisHost);
    else if (kept.some((one) => isSame(one, name, address))) known.push(name);
    else unknown.push(name);
  }
  return { where: { hosts: known.length > 0 ? known : unknown }, unknown: known.length > 0 ? unknown : [] };
}

/** A record does not say who somebody is on a host, and of one that was interrupted not where it is. */
const isSame = (host: Host, name: string, address: string | undefined): boolean =>
  host.name === name && (address === undefined || withoutUser(host.address) === withoutUser(address));
