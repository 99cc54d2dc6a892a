import { getContext, setContext } from 'svelte';
import type { RunSource } from '../../main/contract/exports';
import type { Link } from '../link/link';
import type { Exports } from './exports';
import { afterPaint } from './afterPaint';
import { notices } from './notices.svelte';
import { compareMode } from './compareMode.svelte';
import { opened } from './opened.svelte';
import { overlays } from './overlays.svelte';
import { router } from './route.svelte';
import { appearance } from './appearance.svelte';

/** The run that the page shows, if it shows one. */
export function shownRun(): RunSource | undefined {
  const { route } = router;
  if (route.page === 'report') return { id: route.run };
  return route.page === 'opened' ? opened.shown : undefined;
}

const key = Symbol('nativeShell');
/** undefined in a browser, and where a part stands by itself, as in a test */
export const useNativeShell = (): Link['nativeShell'] => getContext<Link['nativeShell']>(key);

/**
 * Tells the native shell what is shown and how, and does what its menu asks. Call it while a component is set up.
 * @param isDrawn  whether there is a page to see: nothing is told before, and the shell leaves the page alone until then
 */
export function followNativeShell({ nativeShell }: Link, exports: Exports, isDrawn: () => boolean): void {
  setContext(key, nativeShell);
  if (!nativeShell) return;
  let painted = $state(false);
  $effect(() => {
    if (isDrawn()) afterPaint(() => (painted = true));
  });
  $effect(() => {
    const { locale, theme } = appearance;
    const exportable = shownRun() !== undefined;
    if (painted) void nativeShell.call('shown', { exportable, theme, locale });
  });
  $effect(() =>
    nativeShell.onCommand((command) => {
      if (command.kind === 'go') location.hash = command.address;
      else if (command.kind === 'back') history.back();
      else if (command.kind === 'forward') history.forward();
      else if (command.kind === 'palette' || command.kind === 'shortcuts') overlays.open = command.kind;
      else if (command.kind === 'measure') {
        compareMode.value = command.form;
        router.go({ page: 'compare' });
      } else if (command.kind === 'failed') notices.tell({ failure: command.failure });
      else if (command.kind === 'opened') {
        opened.show(command.opened);
        router.go({ page: 'opened' });
      } else {
        const run = shownRun();
        if (run) void exports.run(run, command.format);
      }
    }),
  );
}
