import { sections as listed, type ListedPage } from '../../main/contract/pages';
import type { IconName } from '../parts/icons';

interface Section {
  id: (typeof listed)[number]['id'];
  pages: { page: ListedPage; icon: IconName }[];
}

/** The side bar, in reading order: each page has an icon of its name. */
export const sections: Section[] = listed.map(({ id, pages }) => ({
  id,
  pages: pages.map((page) => ({ page, icon: page })),
}));
