import { getContext, setContext } from 'svelte';
import type { RunSource } from '../../main/contract/exports';
import type { Link } from '../link/link';
import type { Exports } from './exports';
import { notices } from './notices.svelte';
import { opened } from './opened.svelte';
import { router } from './route.svelte';
import { appearance } from './appearance.svelte';

/** The run that the page shows, if it shows one. */
function shownRun(): RunSource | undefined {
  const { route } = router;
  if (route.page === 'report') return { id: route.run };
  return route.page === 'opened' && opened.run ? { record: opened.run } : undefined;
}

const key = Symbol('nativeShell');
/** undefined in a browser, and where a part stands by itself, as in a test */
export const useNativeShell = (): Link['nativeShell'] => getContext<Link['nativeShell']>(key);

/** Tells the native shell what is shown and how, and does what its menu asks. Call it while a component is set up. */
export function followNativeShell({ nativeShell }: Link, exports: Exports): void {
  setContext(key, nativeShell);
  if (!nativeShell) return;
  $effect(() => {
    const { locale, theme } = appearance;
    void nativeShell.call('shown', { exportable: shownRun() !== undefined, theme }, locale);
  });
  $effect(() =>
    nativeShell.onCommand((command) => {
      if (command.kind === 'go') location.hash = command.address;
      else if (command.kind === 'back') history.back();
      else if (command.kind === 'forward') history.forward();
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
