import { isPage, namedBy, type PageName, type RouteOf } from '../../main/contract/pages';

/** A place in the window. It is kept in the address, so back and forward work. */
export type Route = { [P in PageName]: RouteOf<P> }[PageName];

/** The place an address names: the start page where it names nothing, and the page that says so where there is no such place. */
export function parseRoute(hash: string): Route {
  const [page = '', ...names] = hash.replace(/^#\/?/, '').split('/');
  const runs = names.filter(Boolean).map(decoded);
  if (page === '' || !hash.startsWith('#/')) return { page: 'compare' };
  const missing: Route = { page: 'missing' };
  if (!isPage(page)) return missing;
  // what a page needs is said by the table of pages, where the compiler cannot follow
  const wanted = namedBy(page);
  if (wanted === 'run') return runs[0] ? ({ page, run: runs[0] } as Route) : missing;
  if (wanted === 'runs') return runs.length > 1 ? ({ page, runs } as Route) : missing;
  return { page } as Route;
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
