/**
 * The texts of the page: of each language only once it is read. The build puts this file in the place of main/contract/words/catalogues.ts,
 * which holds all of them.
 */
import type { Locale } from '../main/contract/appearance';
import type { Catalogue } from '../main/contract/words/catalogues';

const files: Record<Locale, () => Promise<{ default: Catalogue }>> = {
  en: () => import('../assets/messages/en.json'),
  'zh-CN': () => import('../assets/messages/zh-CN.json'),
};

const fetched = new Map<Locale, Catalogue>();
let newest: Catalogue | undefined;

/** Before anything is said in a language. @throws when its file cannot be fetched */
export async function fetchCatalogue(locale: Locale): Promise<void> {
  if (fetched.has(locale)) return;
  newest = (await files[locale]()).default;
  fetched.set(locale, newest);
}

/** The texts of a language, or of one that is here. */
export function catalogueOf(locale: Locale): Catalogue {
  const catalogue = fetched.get(locale) ?? newest;
  if (!catalogue) throw new Error('no language has been fetched');
  return catalogue;
}

/** Whether a text has this key: every language has the same. */
export const hasText = (key: string): key is keyof Catalogue =>
  newest !== undefined && Object.hasOwn(newest, key);
