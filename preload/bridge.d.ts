import type { DeskCommand } from '../main/contract/desktop';
import type { TareEvent } from '../main/contract/events';
import type { Answer } from '../main/contract/failures';

/** All that the page can reach of the desktop. */
export interface Bridge {
  call(name: string, input: unknown): Promise<Answer<unknown>>;
  /** what only a window can do: see `nativeShellCalls` */
  nativeShell(name: string, input: unknown): Promise<Answer<unknown>>;
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
