import type { Component } from 'svelte';
import type { PageName, RouteOf } from '../../main/contract/pages';
import type { Link } from '../link/link';
import type { HostsState } from '../state/hosts/hosts.svelte';
import type { Jobs } from '../state/jobs.svelte';
import type { LiveState } from '../state/live.svelte';
import { afterPaint } from '../state/afterPaint';
import type { Route } from '../state/route';
import Compare from './compare/Compare.svelte';
import { fetched } from '../link/fetched';

/** What the window has for every page; each takes what it needs of it. */
interface Everywhere {
  link: Link;
  live: LiveState;
  jobs: Jobs;
  hosts: HostsState;
}

/**
 * The start page comes with everything around it; each other page is a file of its own that is fetched when it is first shown, so that
 * the first screen need not wait for it. A page gets by name what its address names.
 */
const files: { [P in PageName]: () => Promise<{ default: Component<Everywhere & RouteOf<P>> }> } = {
  compare: () => Promise.resolve({ default: Compare }),
  live: () => import('./live/Live.svelte'),
  history: () => import('./history/History.svelte'),
  report: () => import('./report/Report.svelte'),
  opened: () => import('./report/Opened.svelte'),
  comparison: () => import('./comparison/Comparison.svelte'),
  claims: () => import('./claims/Claims.svelte'),
  workflow: () => import('./workflow/Workflow.svelte'),
  isolation: () => import('./isolation/Isolation.svelte'),
  glossary: () => import('./glossary/Glossary.svelte'),
  images: () => import('./images/Images.svelte'),
  environment: () => import('./environment/Environment.svelte'),
  settings: () => import('./settings/Settings.svelte'),
  about: () => import('./about/About.svelte'),
  missing: () => import('./missing/Missing.svelte'),
};

/** A page that can be drawn, to be given the route that it was asked for. */
export type ShownPage = Component<Everywhere & Route>;

/**
 * The page a route names: the compiler cannot follow that the two belong together.
 * @throws what the last try failed with; the file is fetched anew the next time
 */
export const loadPage = async (page: PageName): Promise<ShownPage> =>
  (await fetched<{ default: unknown }>(files[page])).default as ShownPage;

/** Fetches the other pages once this one is on the screen and nobody waits for anything: the door may be gone when they are wanted. */
export function loadOthers(): void {
  afterPaint(() =>
    requestIdleCallback(() => {
      for (const file of Object.values(files)) void file().catch(() => undefined); // it is asked for again when it is shown
    }),
  );
}
