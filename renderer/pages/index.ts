import type { Component } from 'svelte';
import type { PageName, RouteOf } from '../../main/contract/pages';
import type { Link } from '../link/link';
import type { Jobs } from '../state/jobs.svelte';
import type { LiveState } from '../state/live.svelte';
import type { Route } from '../state/route';
import Claims from './claims/Claims.svelte';
import Compare from './compare/Compare.svelte';
import Comparison from './comparison/Comparison.svelte';
import Environment from './environment/Environment.svelte';
import History from './history/History.svelte';
import Images from './images/Images.svelte';
import Isolation from './isolation/Isolation.svelte';
import Live from './live/Live.svelte';
import Missing from './missing/Missing.svelte';
import Opened from './report/Opened.svelte';
import Report from './report/Report.svelte';
import Settings from './settings/Settings.svelte';
import Workflow from './workflow/Workflow.svelte';

/** What the window has for every page; each takes what it needs of it. */
interface Everywhere {
  link: Link;
  live: LiveState;
  jobs: Jobs;
}

/** A page gets by name what its address names. */
const components: { [P in PageName]: Component<Everywhere & RouteOf<P>> } = {
  compare: Compare,
  live: Live,
  history: History,
  report: Report,
  opened: Opened,
  comparison: Comparison,
  claims: Claims,
  workflow: Workflow,
  isolation: Isolation,
  images: Images,
  environment: Environment,
  settings: Settings,
  missing: Missing,
};

/** The page a route names, to be given that route: the compiler cannot follow that the two belong together. */
export const pageOf = (route: Route) => components[route.page] as Component<Everywhere & Route>;
