/** What is not the same on all hosts: it stands beside what their ratios say, and may be why these differ. */
import type { HostPart } from './part';

/** A value of a condition, and the hosts that have it. */
export interface ValueOnHosts {
  what: string;
  /** null is not known */
  value: string | null;
  hosts: string[];
}

/** Only what differs, condition by condition; of each the value that most hosts have first. */
export function differencesBetween(parts: readonly HostPart[]): ValueOnHosts[] {
  const byCondition = new Map<string, Map<string | null, string[]>>();
  for (const { host, conditions } of parts)
    for (const [what, value] of conditions) {
      const values = byCondition.get(what) ?? new Map<string | null, string[]>();
      byCondition.set(what, values);
      values.set(value, [...(values.get(value) ?? []), host.name]);
    }
  return [...byCondition].flatMap(([what, values]) =>
    values.size < 2
      ? []
      : [...values]
          .map(([value, hosts]) => ({ what, value, hosts }))
          .sort((a, b) => b.hosts.length - a.hosts.length),
  );
}
