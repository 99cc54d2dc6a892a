import type { IconName } from '../parts/icons';
import type { Place } from './route';

interface Section {
  id: 'measure' | 'learn' | 'computer';
  pages: { page: Place; icon: IconName }[];
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
  {
    id: 'learn',
    pages: [
      { page: 'claims', icon: 'claims' },
      { page: 'workflow', icon: 'workflow' },
      { page: 'isolation', icon: 'isolation' },
    ],
  },
  {
    id: 'computer',
    pages: [
      { page: 'environment', icon: 'environment' },
      { page: 'settings', icon: 'settings' },
    ],
  },
];
