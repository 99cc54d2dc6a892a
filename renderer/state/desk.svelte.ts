import type { RunSource } from '../../main/contract/exports';
import type { Link } from '../link/link';
import type { Exports } from './exports';
import { notices } from './notices.svelte';
import { opened } from './opened.svelte';
import { router } from './route.svelte';
import { settings } from './settings.svelte';

/** The run that the page shows, if it shows one. */
function shownRun(): RunSource | undefined {
  const { route } = router;
  if (route.page === 'report') return { id: route.run };
  return route.page === 'opened' && opened.run ? { record: opened.run } : undefined;
}

/** Tells the desk what is shown and in which language, and does what its menu asks. Call it while a component is set up. */
export function followDesk({ desk }: Link, exports: Exports): void {
  if (!desk) return;
  $effect(() => void desk.call('shown', { exportable: shownRun() !== undefined }, settings.locale));
  $effect(() =>
    desk.onCommand((command) => {
      if (command.kind === 'go') location.hash = command.address;
      else if (command.kind === 'failed') notices.tell({ failure: command.failure });
      else if (command.kind === 'opened') {
        opened.show(command.run);
        router.go({ page: 'opened' });
      } else {
        const run = shownRun();
        if (run) void exports.run(run, command.format);
      }
    }),
  );
}
