/** The pages that need nothing else to be named, in reading order: the side bar and the window's menu offer these. */
export const sections = [
  { id: 'measure', pages: ['compare', 'history'] },
  { id: 'learn', pages: ['claims', 'workflow', 'isolation'] },
  { id: 'computer', pages: ['images', 'environment', 'settings'] },
] as const;
export type ListedPage = (typeof sections)[number]['pages'][number];
