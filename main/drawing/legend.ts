import type { Locale } from '../contract/appearance';
import { message } from '../contract/messages';
import { area } from './marks';
import { colourKind, type Look } from './palette';
import type { LegendEntry } from './plot';

/** What hatching means: once per chart, instead of a warning. */
export const emulatedEntry = (target: string, locale: Locale, look: Look): LegendEntry => ({
  words: message(locale, 'chart.legend.emulated'),
  sign: (x, y) => area({ x, y, width: 22, height: 14 }, colourKind(target), 0, look, true),
});
