/** The host's state in words, the same on a page and in every written report. */
import type { Locale } from '../appearance';
import { listOf, message } from '../messages';
import { showBytes, showMs, showNumber } from '../quantities';
import { HostState, type Environment, type HostChange } from './run';

type StateName = HostChange['what'];

const stateName = (locale: Locale, what: StateName): string =>
  message(locale, what === 'onBattery' ? 'export.fact.power' : `condition.host.${what}`);

/** A value as a reader knows it; a dash where it could not be told. */
function stateValue(locale: Locale, what: StateName, value: HostChange['to']): string {
  if (value === null) return '–';
  if (what === 'onBattery') return message(locale, `export.value.${value ? 'battery' : 'mains'}`);
  if (typeof value === 'boolean') return message(locale, `export.value.${value ? 'on' : 'off'}`);
  if (typeof value === 'string') return value;
  return what.endsWith('Bytes') ? showBytes(locale, value) : showNumber(locale, value);
}

/** What is known of the host's state at the start: its name, and its value. */
export const stateFacts = (locale: Locale, host: Environment['host']): [name: string, value: string][] =>
  HostState.keyof().options.flatMap((what): [string, string][] => {
    const value = host[what];
    return value === undefined ? [] : [[stateName(locale, what), stateValue(locale, what, value)]];
  });

/** `Docker 29.1.3, API 1.52, runc, containerd, overlayfs`: whose images, containers and calls these were */
export const engineWords = (locale: Locale, engine: NonNullable<Environment['engine']>): string =>
  listOf(locale, [
    `${engine.name} ${engine.version}`,
    ...(engine.apiVersion === undefined ? [] : [`API ${engine.apiVersion}`]),
    ...[engine.runtime, engine.store, engine.storageDriver].filter((known) => known !== undefined),
  ]);

/** How many files an application may have open, where that is known: its name, and its value. */
export const limitFacts = (locale: Locale, environment: Environment): [name: string, value: string][] =>
  (['container', 'process'] as const).flatMap((kind) =>
    (['openFiles', 'openFilesHard'] as const).flatMap((which): [string, string][] => {
      const most = environment[which]?.[kind];
      return most === undefined
        ? []
        : [[message(locale, `condition.${which}.${kind}`), showNumber(locale, most)]];
    }),
  );

/** `transparent huge pages: madvise → always, 12.3 s into the run`, each change once. */
export const changeWords = (locale: Locale, { changes = [] }: Environment): string[] =>
  changes.map(({ what, from, to, atMs }) =>
    message(locale, 'export.change', {
      condition: stateName(locale, what),
      from: stateValue(locale, what, from),
      to: stateValue(locale, what, to),
      after: showMs(locale, atMs),
    }),
  );
