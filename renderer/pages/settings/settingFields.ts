import type { Locale } from '../../../main/contract/appearance';
import type { Wanted } from '../../../main/contract/desktop';
import type { MessageKey } from '../../../main/contract/messages';
import { parseBytes, parseMs, showBytes, showMs } from '../../../main/contract/quantities';
import { Accelerator } from '../../../main/contract/run/run';
import { Settings, type SettingName } from '../../../main/contract/settings';

/** Settings that are places on the computer, and what lies there. */
export const places: Partial<Record<SettingName, Wanted>> = {
  qemuPath: 'program',
  dataFolder: 'folder',
  cacheFolder: 'folder',
};

/** Settings of which there are only a few. */
export const choices: Partial<Record<SettingName, readonly { value: string; words: MessageKey }[]>> = {
  accelerator: Accelerator.options.map((value) => ({ value, words: `accelerator.${value}` })),
  engineReader: Settings.shape.engineReader
    .unwrap()
    .options.map((value) => ({ value, words: `engine-reader.${value}` })),
};

/** A setting as a person reads and types it: sizes and times with their units. Empty where there is none. */
export function showSetting(locale: Locale, name: SettingName, value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return name.endsWith('Bytes') ? showBytes(locale, value) : showMs(locale, value);
}

/** What was typed, as it is kept; undefined when it is no such setting. */
export function readSetting(name: SettingName, text: string): string | number | undefined {
  const read = name.endsWith('Bytes') ? parseBytes(text) : name.endsWith('Ms') ? parseMs(text) : text;
  const checked = Settings.shape[name].safeParse(read);
  return checked.success ? checked.data : undefined;
}
