import type { Locale } from '../../contract/calls';
import { message, planTitleIn } from '../../contract/messages';
import type { Engine } from '../../engine/engine';

/** A run that is over sooner than a person looks away needs no notification. */
const longMs = 20_000;

/** What a run says outside the page; a test brings its own. */
export interface SignalParts {
  engine: Pick<Engine, 'onEvent'>;
  /** on the task bar's icon: 0 to 1, `busy` while it cannot be known, `none` when there is nothing to show */
  progress(share: number | 'busy' | 'none'): void;
  notify(words: { title: string; body: string; run: string }): void;
  /** whether the person is looking at the window */
  focused(): boolean;
  locale(): Locale;
  nowMs?: () => number;
}

/** Shows a run's progress on the icon, and tells of its end if it was long and nobody is looking. The answer ends it. */
export function signalRuns(parts: SignalParts): () => void {
  const nowMs = parts.nowMs ?? (() => performance.now());
  const begun = new Map<string, { name: string; atMs: number }>();
  return parts.engine.onEvent((event) => {
    if (event.kind === 'run-started') {
      begun.set(event.run, { name: event.plan.name, atMs: nowMs() });
      parts.progress('busy');
    } else if (event.kind === 'trial-ended') {
      parts.progress(event.of > 0 ? event.done / event.of : 'busy');
    } else if (event.kind === 'run-ended') {
      parts.progress('none');
      const run = begun.get(event.run);
      begun.delete(event.run);
      if (!run || nowMs() - run.atMs < longMs || parts.focused() || event.state === 'stopped') return;
      const locale = parts.locale();
      const key = event.state === 'done' ? 'ui.notification.done' : 'ui.notification.failed';
      parts.notify({ title: planTitleIn(locale, run.name), body: message(locale, key), run: event.run });
    }
  });
}
