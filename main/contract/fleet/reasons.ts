/** Why hosts gave no run, or no whole one, in words: the same on the page, in the terminal and in files. */
import type { Locale } from '../appearance';
import type { Failure } from '../failures';
import { explain, listOf, nameOf } from '../messages';
import type { FleetHost, FleetOverview } from './fleet';

/** What is wrong with all of it; that no host gave a run, or that somebody stopped it, the hosts say themselves. */
export const failureOfAll = ({
  failure,
  hosts,
}: Pick<FleetOverview, 'failure' | 'hosts'>): Failure | undefined =>
  failure && (hosts.length === 0 || !['no-host', 'stopped'].includes(failure.code)) ? failure : undefined;

interface Reason {
  /** those that have it, in words */
  hosts: string;
  what: string;
  /** what to do about it; empty where nothing is to be done */
  remedy: string;
}

/** Each reason once, with all hosts that have it: of many hosts most have the same one. */
export function reasonsOf(locale: Locale, hosts: readonly Omit<FleetHost, 'run'>[]): Reason[] {
  const byWords = new Map<string, Omit<Reason, 'hosts'> & { names: string[] }>();
  for (const { name, outcome, failure } of hosts) {
    if (outcome === 'ok') continue;
    const { what, remedy } =
      failure && failure.code !== 'stopped'
        ? explain(locale, failure)
        : { what: nameOf(locale, 'outcome', outcome), remedy: '' };
    const key = JSON.stringify([what, remedy]);
    const reason = byWords.get(key) ?? { what, remedy, names: [] };
    byWords.set(key, reason);
    reason.names.push(name);
  }
  return [...byWords.values()].map(({ names, ...reason }) => ({ ...reason, hosts: listOf(locale, names) }));
}
