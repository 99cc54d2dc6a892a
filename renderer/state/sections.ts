import type { IconName } from '../parts/icons';
import type { Route } from './route';

/** A page that needs nothing else to be named. */
type Page = Exclude<Route, { run: string }>['page'];

interface Section {
  id: 'measure' | 'learn' | 'computer';
  pages: { page: Page; icon: IconName }[];
}

/** The side bar, in reading order. */
export const sections: Section[] = [
  {
    id: 'measure',
    pages: [
      { page: 'compare', icon: 'compare' },
      { page: 'history', icon: 'history' },
    ],
  },
];
