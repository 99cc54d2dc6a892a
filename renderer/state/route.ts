/** A place in the window. It is kept in the address, so back and forward work. */
export type Route =
  { page: 'compare' } | { page: 'live'; run: string } | { page: 'report'; run: string } | { page: 'history' };

/** The place an address names; anything unknown is the start page. */
export function parseRoute(hash: string): Route {
  const [page, run] = hash.replace(/^#\/?/, '').split('/');
  if ((page === 'live' || page === 'report') && run) return { page, run: decodeURIComponent(run) };
  return page === 'history' ? { page } : { page: 'compare' };
}

export const addressOf = (route: Route): string =>
  'run' in route ? `#/${route.page}/${encodeURIComponent(route.run)}` : `#/${route.page}`;
