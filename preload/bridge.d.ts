import type { TareEvent } from '../main/contract/events';
import type { Answer } from '../main/contract/failures';
import type { Locale } from '../main/contract/calls';

/** All that the page can reach of the desktop. */
export interface Bridge {
  /** `locale` words the problems of input that is refused, and the dialogs the window shows */
  call(name: string, input: unknown, locale: Locale): Promise<Answer<unknown>>;
  /** the answer unsubscribes */
  onEvents(listener: (events: TareEvent[]) => void): () => void;
}

declare global {
  interface Window {
    /** present in the desktop app, absent in a browser */
    readonly tare?: Bridge;
  }
}
