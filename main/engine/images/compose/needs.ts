/** Pure: which services need which others, and the order that follows. */
import type { ComposeService } from './file';

/** What a service waits for before it is started. */
export interface Need {
  service: string;
  /** `completed`: it has to have ended, without an error */
  until: 'started' | 'ready' | 'completed';
  /** Compose starts the service although this one is not there */
  isOptional: boolean;
}

const conditions: Readonly<Record<string, Need['until']>> = {
  service_healthy: 'ready',
  service_completed_successfully: 'completed',
};

/** The service of `db:database` or `db`. */
const linked = (link: string): string => link.split(':', 1)[0]!;

export function needsOf({ depends_on, links }: ComposeService): Need[] {
  const named = Object.entries(depends_on ?? {}).map(([service, { condition, required }]): Need => ({
    service,
    until: conditions[condition] ?? 'started',
    isOptional: !required,
  }));
  const others = (links ?? [])
    .map(linked)
    .filter((service) => named.every((need) => need.service !== service));
  return [...named, ...others.map((service): Need => ({ service, until: 'started', isOptional: false }))];
}

/** What else than a host's name a setting may be equal to a service's by chance: a user, a database. */
const namesHost = /host|server|addr|url|uri|endpoint|broker|peer|upstream/i;

/** Whether a setting or a word names one of these as a place on the network: `db:5432`, `redis://cache`, `DB_HOST=db`. */
function isReached(name: string, text: string, key = ''): boolean {
  const quoted = name.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
  const begins = '(^|[\\s,;=\'"])';
  return (
    new RegExp(`(//|@)${quoted}($|[:/?,;\\s'"])|${begins}${quoted}:\\d`).test(text) ||
    (text === name && namesHost.test(key))
  );
}

/** Whether a service has to reach one of `others` to work, as far as its file tells. */
export function reachesOthers(service: ComposeService, others: readonly string[]): boolean {
  const { environment, command, entrypoint } = service;
  if (needsOf(service).some((need) => others.includes(need.service))) return true;
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  return others.some(
    (name) =>
      Object.entries(environment ?? {}).some(([key, value]) => isReached(name, value ?? '', key)) ||
      words.some((word) => isReached(name, word)),
  );
}

/** These services, each after those that it needs; else by their names, as Compose prints them. Compose refuses circles. */
export function inOrder(
  chosen: readonly string[],
  services: Readonly<Record<string, ComposeService>>,
): string[] {
  const placed = new Set<string>();
  const place = (name: string) => {
    if (placed.has(name) || !chosen.includes(name)) return;
    for (const { service } of needsOf(services[name]!)) if (service !== name) place(service);
    placed.add(name);
  };
  [...chosen].sort().forEach(place);
  return [...placed];
}

/** These services with all that they need, as `docker compose up NAME` starts them. */
export function withNeeded(
  asked: readonly string[],
  services: Readonly<Record<string, ComposeService>>,
): string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    const service = services[name];
    if (!service || found.has(name)) return;
    found.add(name);
    for (const need of needsOf(service)) if (!need.isOptional) add(need.service);
  };
  asked.forEach(add);
  return [...found];
}
