import type { Locale } from '../../contract/appearance';
import { message, planTitleIn } from '../../contract/messages';
import type { Engine } from '../../engine/engine';

/** A run that is over sooner than a person looks away needs no notification. */
const longMs = 20_000;

/** What a run says outside the page; a test brings its own. */
export interface SignalParts {
  engine: Pick<Engine, 'onEvent' | 'record'>;
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
  const begunMs = new Map<string, number>();

  /** The record names the plan: a run that ended in its preparation has never said it. */
  async function tell(run: string, state: string): Promise<void> {
    const { engine } = parts;
    const record = await engine.record({ id: run }).catch(() => undefined);
    const locale = parts.locale();
    const key = state === 'done' ? 'ui.notification.done' : 'ui.notification.failed';
    const title = record?.label?.name ?? planTitleIn(locale, record?.plan.name ?? 'Tare');
    parts.notify({ title, body: message(locale, key), run });
  }

  return parts.engine.onEvent((event) => {
    const { run } = event;
    if (run === undefined || event.host !== undefined) return; // of many hosts one alone tells nothing of the whole
    if (event.kind === 'run-ended') {
      parts.progress('none');
      const lastedMs = nowMs() - (begunMs.get(run) ?? nowMs());
      begunMs.delete(run);
      if (lastedMs < longMs || parts.focused() || event.state === 'stopped') return;
      void tell(run, event.state);
      return;
    }
    // building a kit or a disk comes before `run-started`, and a person waits for it as well
    if (!begunMs.has(run)) {
      begunMs.set(run, nowMs());
      parts.progress('busy');
    }
    if (event.kind === 'trial-ended') parts.progress(event.of > 0 ? event.done / event.of : 'busy');
  });
}
