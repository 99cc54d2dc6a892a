/** Pages that need nothing else to be named. */
const places = [
  'compare',
  'history',
  'claims',
  'images',
  'environment',
  'settings',
  'workflow',
  'isolation',
  'opened',
] as const;
type Place = (typeof places)[number];

/** A place in the window. It is kept in the address, so back and forward work. */
export type Route =
  | { page: Place }
  | { page: 'live' | 'report'; run: string }
  /** the baseline first, then what is compared with it */
  | { page: 'comparison'; runs: string[] };

/** The place an address names; anything unknown is the start page. */
export function parseRoute(hash: string): Route {
  const [page = '', ...names] = hash.replace(/^#\/?/, '').split('/');
  const runs = names.filter(Boolean).map(decoded);
  if ((page === 'live' || page === 'report') && runs[0]) return { page, run: runs[0] };
  if (page === 'comparison' && runs.length > 1) return { page, runs };
  return { page: places.find((place) => place === page) ?? 'compare' };
}

export function addressOf(route: Route): string {
  const names = 'run' in route ? [route.run] : 'runs' in route ? route.runs : [];
  return ['#', route.page, ...names.map(encodeURIComponent)].join('/');
}

/** An address that somebody mistyped names a run that is not there; it must not end the page. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
