/** The window's pages: where each is listed, and what its address must name. */

/** The parts of the side bar and of the window's menu, in reading order. */
const sectionNames = ['measure', 'learn', 'computer'] as const;

interface Page {
  /** where it is listed; a page without one is reached from others */
  section?: (typeof sectionNames)[number];
  /** what it shows, beside the page itself: one run, or several with the baseline first */
  names?: 'run' | 'runs';
  /** the listed page that it was opened from, and that the side bar marks instead */
  partOf?: string;
}

/** Every page, in reading order. Its component stands in `renderer/pages/index.ts`, its icon has its name. */
export const pages = {
  compare: { section: 'measure' },
  live: { names: 'run' },
  history: { section: 'measure' },
  report: { names: 'run', partOf: 'history' },
  opened: {},
  comparison: { names: 'runs', partOf: 'history' },
  claims: { section: 'learn' },
  workflow: { section: 'learn' },
  isolation: { section: 'learn' },
  glossary: { section: 'learn' },
  images: { section: 'computer' },
  environment: { section: 'computer' },
  settings: { section: 'computer' },
  about: { partOf: 'settings' },
  /** what an address leads to that names no page */
  missing: {},
} as const satisfies Record<string, Page>;

export type PageName = keyof typeof pages;

export type PageThat<Feature> = { [P in PageName]: (typeof pages)[P] extends Feature ? P : never }[PageName];
/** A page that the side bar and the window's menu offer: it needs nothing else to be named. */
export type ListedPage = PageThat<{ section: string }>;

/** What the address of a page names. */
export type RouteOf<P extends PageName> =
  P extends PageThat<{ names: 'run' }>
    ? { page: P; run: string }
    : P extends PageThat<{ names: 'runs' }>
      ? { page: P; runs: string[] }
      : { page: P };

const isListedIn =
  (section: string) =>
  (page: PageName): page is ListedPage =>
    (pages[page] as Page).section === section;

/** The listed pages by section. */
export const sections = sectionNames.map((id) => ({
  id,
  pages: (Object.keys(pages) as PageName[]).filter(isListedIn(id)),
}));

/** What an address must name beside the page, if anything. */
export const namedBy = (page: PageName): 'run' | 'runs' | undefined => (pages[page] as Page).names;

/** The page that the side bar marks while another is shown. */
export const listedAs = (page: PageName): string => (pages[page] as Page).partOf ?? page;

export const isPage = (name: string): name is PageName => Object.hasOwn(pages, name);
