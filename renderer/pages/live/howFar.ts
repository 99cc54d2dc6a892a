import { isDensity } from '../../../main/contract/plan';
import { t } from '../../i18n.svelte';
import { hasEnded } from '../../state/live/hosts';
import type { LiveHost, LiveRun } from '../../state/live/run';

/** How far a run is, in words: by its rounds where it has a number of them, else by what has been started. */
export function howFarWords({ plan, lanes, done, of, state }: LiveRun): string {
  const trial = { done: Math.min(done + (state === 'running' ? 1 : 0), of), of };
  const begun = lanes.flatMap(({ trial }) => (trial ? [trial.index] : []));
  if (!plan || isDensity(plan) || begun.length === 0) return t('ui.live.trial', trial);
  const index = Math.max(...begun);
  if (index < 0) return t('ui.live.warmupRound');
  const round = index + 1;
  return plan.precision === undefined
    ? t('ui.live.round', { round, of: plan.trials })
    : t('ui.live.roundOpen', { round });
}

/** How far a run on several hosts is, in words: by those that are through. */
export const hostsWords = (hosts: readonly LiveHost[]): string =>
  t('ui.live.hostsEnded', { done: hosts.filter(hasEnded).length, of: hosts.length });
