import type { Locale } from '../../../../contract/appearance';
import { message } from '../../../../contract/messages';
import text from './report.js?raw';

/** Runs in the reader's browser; the policy allows exactly this text. */
export const script: string = text;

/** What the script's own buttons say. */
export const scriptWords = (locale: Locale): Record<string, string> => ({
  filter: message(locale, 'export.html.filter'),
  unfold: message(locale, 'export.html.unfold'),
  fold: message(locale, 'export.html.fold'),
  dark: message(locale, 'export.html.dark'),
  light: message(locale, 'export.html.light'),
  saveSvg: message(locale, 'export.html.saveSvg'),
  savePng: message(locale, 'export.html.savePng'),
});
