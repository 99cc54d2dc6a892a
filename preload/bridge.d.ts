import type { Locale } from '../main/contract/appearance';
import type { DeskCommand } from '../main/contract/desktop';
import type { TareEvent } from '../main/contract/events';
import type { Answer } from '../main/contract/failures';

/** All that the page can reach of the desktop. */
export interface Bridge {
  /** `locale` words the problems of input that is refused, and the dialogs the window shows */
  call(name: string, input: unknown, locale: Locale): Promise<Answer<unknown>>;
  /** what only a window can do: see `nativeShellCalls` */
  nativeShell(name: string, input: unknown, locale: Locale): Promise<Answer<unknown>>;
  /** the answer unsubscribes */
  onEvents(listener: (events: TareEvent[]) => void): () => void;
  /** what the menu asks of the page; the answer unsubscribes */
  onCommand(listener: (command: DeskCommand) => void): () => void;
}

declare global {
  interface Window {
    /** present in the desktop app, absent in a browser */
    readonly tare?: Bridge;
  }
}
