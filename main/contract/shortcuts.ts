/** The keys of the window, as Electron writes them: the menu has them, and the page tells them. */
import { sections, type ListedPage } from './pages';

/** Keys that the page itself listens to, in a browser too. */
export const pageKeys = { palette: 'CommandOrControl+K', shortcuts: '?' } as const;

/** Keys of the window's menu alone: a browser has its own for most of them. */
export const windowKeys = {
  open: 'CommandOrControl+O',
  html: 'CommandOrControl+S',
  pdf: 'CommandOrControl+P',
  settings: 'CommandOrControl+,',
  back: 'Alt+Left',
  forward: 'Alt+Right',
  zoomIn: 'CommandOrControl+Plus',
  zoomOut: 'CommandOrControl+-',
  zoomReset: 'CommandOrControl+0',
} as const;
export type ShortcutName = keyof typeof pageKeys | keyof typeof windowKeys | 'pages';

/** In the order of the side bar, but for one that came when the others had their keys already. */
const later: ListedPage = 'glossary';
const listed: ListedPage[] = [
  ...sections.flatMap(({ pages }) => pages).filter((page) => page !== later),
  later,
];

/** Ctrl+1 to Ctrl+9 lead to the listed pages, in their order. */
export const pageKey = (page: ListedPage): string => `CommandOrControl+${listed.indexOf(page) + 1}`;
/** The first and the last of them. */
export const pageKeyRange = [`CommandOrControl+1`, `CommandOrControl+${listed.length}`] as const;

/** How a key is written on a keyboard of this system. */
export const writtenKey = (key: string, mac: boolean): string =>
  key
    .replace('CommandOrControl', mac ? '⌘' : 'Ctrl')
    .replace('Plus', '+')
    .replace('Left', '←')
    .replace('Right', '→');
