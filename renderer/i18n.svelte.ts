import type { Locale } from '../main/contract/appearance';
import type { Failure } from '../main/contract/failures';
import {
  explain,
  message,
  nameOf,
  planTitleIn,
  say,
  wordsFor,
  type Family,
  type MessageKey,
} from '../main/contract/messages';
import { showBytes, showMs, showValue } from '../main/contract/quantities';
import type { Fact, Message, Unit } from '../main/contract/report/report';
import { appearance } from './state/appearance.svelte';

/** Text and quantities in the reader's language. Whatever uses these is redrawn when the language changes. */

export const locale = (): Locale => appearance.locale;

/** A key that does not exist does not compile. */
export const t = (key: MessageKey, facts?: Record<string, Fact>): string =>
  message(appearance.locale, key, facts);

export const words = (text: Message | string): string => say(appearance.locale, text);
export const named = (family: Family, name: string): string => nameOf(appearance.locale, family, name);
/** Words for a name that has some only where we wrote them: a preset of ours, a target that is shipped. */
export const known = (family: Family, name: string): string | undefined =>
  wordsFor(appearance.locale, family, name);
export const bytes = (value: number): string => showBytes(appearance.locale, value);
export const ms = (value: number): string => showMs(appearance.locale, value);
export const quantity = (unit: Unit, value: number | string): string =>
  showValue(appearance.locale, unit, value);
export const explained = (failure: Failure) => explain(appearance.locale, failure);

/** A preset by its title, any other plan by its own name. */
export const planTitle = (name: string): string => planTitleIn(appearance.locale, name);

/** What a run is called: the name a person gave it, else its preset's title or its plan's name. */
export const runTitle = (run: { name: string; label?: { name?: string | undefined } | undefined }): string =>
  run.label?.name ?? planTitle(run.name);

/** `23 Nov 2026, 14:05` */
export const moment = (iso: string): string =>
  new Intl.DateTimeFormat(appearance.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(iso),
  );

/** `14:05` */
export const clock = (iso: string): string =>
  new Intl.DateTimeFormat(appearance.locale, { timeStyle: 'short' }).format(Date.parse(iso));

/** `23 Nov 2026` */
export const day = (iso: string): string =>
  new Intl.DateTimeFormat(appearance.locale, { dateStyle: 'medium' }).format(Date.parse(iso));

/** How long something took or will take, in words a person uses: `48 s`, `3 min`. */
export const duration = (valueMs: number): string => {
  const seconds = Math.max(1, Math.round(valueMs / 1000));
  return seconds < 100
    ? t('ui.time.seconds', { count: seconds })
    : t('ui.time.minutes', { count: Math.round(seconds / 60) });
};

/** How long something will take, no finer than an estimate is: `25 s`, `1 min`, `1.5 min`, `12 min`. */
export const roughly = (valueMs: number): string => {
  const seconds = valueMs / 1000;
  if (seconds < 50) return t('ui.time.seconds', { count: Math.max(5, Math.ceil(seconds / 5) * 5) });
  return t('ui.time.minutes', {
    count: seconds < 150 ? Math.round(seconds / 30) / 2 : Math.round(seconds / 60),
  });
};

const joined = (items: string[]): string =>
  new Intl.ListFormat(appearance.locale, { type: 'conjunction' }).format(items);
export { joined as list };
