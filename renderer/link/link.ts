import type { CallName, Input, Output } from '../../main/contract/calls';
import type { DeskCallName, DeskCommand, DeskInput, DeskOutput } from '../../main/contract/desktop';
import type { TareEvent } from '../../main/contract/events';
import type { Answer } from '../../main/contract/failures';

/** `lost`: the server does not answer, and is tried again · `refused`: the token is missing or wrong */
export type Connection = 'open' | 'lost' | 'refused';

/** The page's way to the native shell around it, where there is one: file dialogs, folders, the menu. */
interface NativeShellLink {
  call<N extends DeskCallName>(name: N, input: DeskInput<N>): Promise<Answer<DeskOutput<N>>>;
  /** the answer unsubscribes */
  onCommand(listener: (command: DeskCommand) => void): () => void;
}

/** The page's way to the engine: the same over the desktop's bridge and over HTTP. */
export interface Link {
  call<N extends CallName>(name: N, input: Input<N>): Promise<Answer<Output<N>>>;
  /** batches, at most ten a second; the answer unsubscribes */
  onEvents(listener: (events: TareEvent[]) => void): () => void;
  /** told at once and at each change; the answer unsubscribes */
  onConnection(listener: (connection: Connection) => void): () => void;
  /** absent in a browser */
  readonly nativeShell?: NativeShellLink;
}

/** Calls `then` whenever a connection that was lost is open again: what was told meanwhile was missed. */
export function whenReconnected(link: Link, then: () => void): void {
  let lost = false;
  link.onConnection((connection) => {
    if (connection === 'open' && lost) then();
    lost = connection !== 'open';
  });
}
