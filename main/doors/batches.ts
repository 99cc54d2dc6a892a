import type { TareEvent } from '../contract/events';

/** Events on their way to a page. */
export interface Batches {
  push(event: TareEvent): void;
  /** sends what is waiting now */
  flush(): void;
  /** sends what is waiting, then stays silent */
  end(): void;
}

/**
 * Hands events on in batches, at most one per `periodMs`: a page redraws ten times a second, not once per sample.
 * Neighbouring sample events of one run, on one host, become one; the order of everything else is kept.
 */
export function batches(send: (events: TareEvent[]) => void, periodMs = 100): Batches {
  let waiting: TareEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    if (events.length > 0) send(events);
  };

  return {
    push(event) {
      if (ended) return;
      const last = waiting.at(-1);
      if (
        event.kind === 'samples' &&
        last?.kind === 'samples' &&
        last.run === event.run &&
        last.host === event.host
      ) {
        waiting[waiting.length - 1] = { ...last, samples: [...last.samples, ...event.samples] };
      } else {
        waiting.push(event);
      }
      timer ??= setTimeout(flush, periodMs);
    },
    flush,
    end() {
      ended = true;
      flush();
    },
  };
}
