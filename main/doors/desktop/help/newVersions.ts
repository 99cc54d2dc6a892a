import type { Locale } from '../../../contract/appearance';
import { message } from '../../../contract/messages';

/**
 * How to learn of newer versions. Tare asks nobody by itself.
 * @param manifest  package.json: its `homepage` is where versions are announced
 */
export const newVersions = (locale: Locale, { homepage }: { version: string; homepage?: string }): string =>
  homepage === undefined
    ? message(locale, 'ui.updates.detail')
    : message(locale, 'ui.updates.at', { homepage });
