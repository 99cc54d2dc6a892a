import en from '../../assets/messages/en.json';
import zhCN from '../../assets/messages/zh-CN.json';
import type { Locale } from './calls';
import { showBytes, showMs, showNumber, showPercent, showTimes } from './quantities';
import type { Fact, Message } from './report';

export type MessageKey = keyof typeof en;

const catalogues: Record<Locale, Record<MessageKey, string>> = { en, 'zh-CN': zhCN };

/** A fact in the reader's units and notation. */
export function showFact(locale: Locale, fact: Fact): string {
  if (typeof fact === 'string') return fact;
  if (typeof fact === 'number') return showNumber(locale, fact);
  if ('bytes' in fact) return showBytes(locale, fact.bytes);
  if ('ms' in fact) return showMs(locale, fact.ms);
  if ('times' in fact) return showTimes(locale, fact.times);
  return showPercent(locale, fact.percent);
}

/** Text for `key`, with each `{name}` replaced by its fact. An unknown key, as a newer run.json may hold, shows itself. */
export function message(locale: Locale, key: MessageKey, facts?: Record<string, Fact>): string;
export function message(locale: Locale, key: string, facts?: Record<string, Fact>): string;
export function message(locale: Locale, key: string, facts: Record<string, Fact> = {}): string {
  const text: string = catalogues[locale][key as MessageKey] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : showFact(locale, fact);
  });
}

export const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(en, key);

/** Words a message, or passes a plain label through. */
export const say = (locale: Locale, text: Message | string): string =>
  typeof text === 'string' ? text : message(locale, text.key, text.facts);
