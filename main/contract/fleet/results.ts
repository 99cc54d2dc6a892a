/** From how many of its hosts a run has results. */
import type { Locale } from '../appearance';
import { message } from '../messages';
import type { FleetHost } from './fleet';

interface Results {
  asked: number;
  /** whose run came to its end */
  ok: number;
}

export const resultsOf = (hosts: readonly Pick<FleetHost, 'outcome'>[]): Results => ({
  asked: hosts.length,
  ok: hosts.filter(({ outcome }) => outcome === 'ok').length,
});

/** `results from 3 of 4 hosts` */
export const resultWords = (locale: Locale, { ok, asked }: Results): string =>
  asked === 0 ? message(locale, 'hosts.results.none') : message(locale, 'hosts.results.some', { ok, asked });
