import type { Failure } from '../../../main/contract/failures';
import type { FleetOverview } from '../../../main/contract/fleet/fleet';
import type { Host } from '../../../main/contract/fleet/host';
import { list, t } from '../../i18n.svelte';
import type { LiveState } from '../live.svelte';
import { notices } from '../notices.svelte';
import { router } from '../route.svelte';
import { whereAgain } from './whereAgain';

/**
 * Begins the same plan once more, where it was measured before, and shows it.
 * @param anyway  also beside another Tare at work
 * @returns why it was refused
 */
export async function measureAgain(
  live: LiveState,
  fleet: FleetOverview,
  kept: readonly Host[],
  anyway = false,
): Promise<Failure | undefined> {
  const { where, unknown } = whereAgain(fleet, kept);
  const started = await live.start(fleet.plan, { anyway, where });
  if ('failure' in started) return started.failure;
  if (unknown.length > 0) notices.tell({ words: t('ui.hosts.againWithout', { names: list(unknown) }) });
  router.go({ page: 'live', run: started.id });
  return undefined;
}
