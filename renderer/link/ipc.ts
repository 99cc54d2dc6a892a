import type { Answer } from '../../main/contract/failures';
import type { Bridge } from '../../preload/bridge';
import type { Link } from './link';

/** The desktop's bridge. It cannot be lost while the window lives. */
export function ipcLink(bridge: Bridge): Link {
  return {
    // the router on the other side answers with what the contract says for this name
    call: (name, input) => bridge.call(name, input) as Promise<Answer<never>>,
    onEvents: (listener) => bridge.onEvents(listener),
    onConnection(listener) {
      listener('open');
      return () => undefined;
    },
    nativeShell: {
      call: (name, input) => bridge.nativeShell(name, input) as Promise<Answer<never>>,
      onCommand: (listener) => bridge.onCommand(listener),
    },
  };
}
