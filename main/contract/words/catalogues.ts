/**
 * Every text, in every language. In the page a file of its own stands in the place of this one, and fetches the language that is read
 * (renderer/catalogues.ts).
 */
import en from '../../../assets/messages/en.json';
import zhCN from '../../../assets/messages/zh-CN.json';
import type { Locale } from '../appearance';

/** The texts of a language, by their keys. */
export type Catalogue = Readonly<Record<keyof typeof en, string>>;

const catalogues: Readonly<Record<Locale, Catalogue>> = { en, 'zh-CN': zhCN };

export const catalogueOf = (locale: Locale): Catalogue => catalogues[locale];

/** Whether a text has this key: every language has the same. */
export const hasText = (key: string): key is keyof Catalogue => Object.hasOwn(en, key);
