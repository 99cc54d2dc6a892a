/** Why hosts gave no run, or no whole one, in words: the same on the page, in the terminal and in files. */
import type { Locale } from '../appearance';
import { explain, nameOf } from '../messages';
import type { FleetHost } from './fleet';

interface Reason {
  host: string;
  what: string;
  /** what to do about it; empty where nothing is to be done */
  remedy: string;
}

export const reasonsOf = (locale: Locale, hosts: readonly Omit<FleetHost, 'run'>[]): Reason[] =>
  hosts
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ name, outcome, failure }) =>
      failure && failure.code !== 'stopped'
        ? { host: name, ...explained(locale, failure) }
        : { host: name, what: nameOf(locale, 'outcome', outcome), remedy: '' },
    );

function explained(locale: Locale, failure: NonNullable<FleetHost['failure']>): Omit<Reason, 'host'> {
  const { what, remedy } = explain(locale, failure);
  return { what, remedy };
}
