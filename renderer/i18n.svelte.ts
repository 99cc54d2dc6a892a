import type { Locale } from '../main/contract/appearance';
import type { Failure } from '../main/contract/failures';
import { explain, isMessageKey, message, nameOf, say, type MessageKey } from '../main/contract/messages';
import { showBytes, showMs, showValue } from '../main/contract/quantities';
import type { Fact, Message, Unit } from '../main/contract/report/report';
import { settings } from './state/settings.svelte';

/** Text and quantities in the reader's language. Whatever uses these is redrawn when the language changes. */

export const locale = (): Locale => settings.locale;

/** A key that does not exist does not compile. */
export const t = (key: MessageKey, facts?: Record<string, Fact>): string =>
  message(settings.locale, key, facts);

export const words = (text: Message | string): string => say(settings.locale, text);
export const named = (family: Parameters<typeof nameOf>[1], name: string): string =>
  nameOf(settings.locale, family, name);
export const bytes = (value: number): string => showBytes(settings.locale, value);
export const ms = (value: number): string => showMs(settings.locale, value);
export const quantity = (unit: Unit, value: number | string): string =>
  showValue(settings.locale, unit, value);
export const explained = (failure: Failure) => explain(settings.locale, failure);

/** A preset by its title, any other plan by its own name. */
export const planTitle = (name: string): string => {
  const key = `ui.preset.${name}.title`;
  return isMessageKey(key) ? t(key) : name;
};

/** What a run is called: the name a person gave it, else its preset's title or its plan's name. */
export const runTitle = (run: { name: string; label?: { name?: string | undefined } | undefined }): string =>
  run.label?.name ?? planTitle(run.name);

/** `23 Nov 2026, 14:05` */
export const moment = (iso: string): string =>
  new Intl.DateTimeFormat(settings.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(iso),
  );

/** `23 Nov 2026` */
export const day = (iso: string): string =>
  new Intl.DateTimeFormat(settings.locale, { dateStyle: 'medium' }).format(Date.parse(iso));

/** How long something took or will take, in words a person uses: `48 s`, `3 min`. */
export const duration = (valueMs: number): string => {
  const seconds = Math.max(1, Math.round(valueMs / 1000));
  if (seconds < 100) return `${seconds} s`;
  return `${Math.round(seconds / 60)} min`;
};

const joined = (items: string[]): string =>
  new Intl.ListFormat(settings.locale, { type: 'conjunction' }).format(items);
export { joined as list };
