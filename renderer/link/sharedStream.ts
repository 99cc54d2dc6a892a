import type { TareEvent } from '../../main/contract/events';

/** A stream of events, and what becomes of it. */
export interface EventSink {
  take(events: TareEvent[]): void;
  /** whether the stream is open; what is told while it is not is missed */
  mark(isOpen: boolean): void;
  /** called once the stream is open, and when the first try has failed */
  heard(): void;
}

/** What tabs say to each other: the one that reads passes on what comes, a new one asks whether somebody reads. */
type TabMessage = { events: TareEvent[] } | { isOpen: boolean } | { asks: true };

const name = 'tare.events';
/** How long a tab waits to be told of a stream that another one reads. */
const longestUnheardMs = 2000;

/**
 * One stream for all tabs of a browser, which has six connections to a server: the tab with the lock reads it for all. When that tab closes,
 * the next one has the lock and opens the stream anew.
 * @param read  reads the stream until the signal aborts, or the server refuses
 */
export async function shareStream(
  locks: Pick<LockManager, 'request'>,
  sink: EventSink,
  read: (sink: EventSink) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const channel = new BroadcastChannel(name);
  const tell = (message: TabMessage) => channel.postMessage(message);
  /** of the stream that this tab reads; undefined while another one does */
  let isOpen: boolean | undefined;
  let isFollowing = false;
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if ('asks' in data) {
      if (isOpen !== undefined) tell({ isOpen });
      return;
    }
    isFollowing = true;
    if ('events' in data) return sink.take(data.events);
    sink.mark(data.isOpen);
    sink.heard();
  };
  tell({ asks: true });
  const unheard = setTimeout(() => sink.heard(), longestUnheardMs);
  const mark = (next: boolean) => {
    if (isOpen !== next) tell({ isOpen: next });
    isOpen = next;
    sink.mark(next);
  };
  const shared: EventSink = {
    take(events) {
      tell({ events });
      sink.take(events);
    },
    mark,
    heard: () => sink.heard(),
  };
  try {
    await locks.request(name, { signal }, () => {
      if (isFollowing) mark(false); // between the last tab's stream and this one's, events are missed
      return read(shared);
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(unheard);
    channel.close();
  }
}
