import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { calls } from '../../contract/calls';
import { nativeShellCalls, type DeskCommand } from '../../contract/desktop';
import type { Answer, Failure } from '../../contract/failures';
import type { Engine } from '../../engine/engine';
import { badInput } from '../../engine/base/errors';
import { largestInputOf, refusal } from '../access';
import { batches } from '../batches';
import { answer } from '../router';
import type { NativeShell } from './nativeShell';
import { pageUrl } from './pageAddress';

/** Only the main frame of our own window, showing our own page, may ask for anything. */
export function isOurs(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  window: WebContents,
): boolean {
  const frame = event.senderFrame; // null once the frame has navigated away or gone
  return event.sender === window && !!frame && frame.parent === null && frame.url.startsWith(pageUrl);
}

const refuse = (failure: Failure): Answer<never> => ({ ok: false, failure });

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0;
  } catch {
    return Infinity; // cyclic, or a BigInt: not data of the contract
  }
}

/** The wiring of one window; `close` takes it down. */
export interface WindowWiring {
  /** kept until the page has shown itself, then passed on */
  command(command: DeskCommand): void;
  /** the page begins anew, and has to show itself again */
  restarted(): void;
  close(): void;
}

type Asked = (name: string, input: unknown) => Promise<Answer<unknown>>;

/** Joins a window to the engine and to its native shell: calls in, events and commands out; events in batches. */
export function wireWindow(
  engine: Engine,
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>,
  window: WebContents,
  nativeShell: NativeShell,
): WindowWiring {
  let waiting: DeskCommand[] | undefined = [];

  const listen = (channel: string, names: object, asked: Asked) =>
    ipcMain.handle(channel, (event, name: unknown, input: unknown) => {
      if (!isOurs(event, window)) return refuse({ code: 'sender-refused', reason: 'not-our-window' });
      if (typeof name !== 'string' || !Object.hasOwn(names, name))
        return refuse(badInput('problem.no-call', { name: String(name) }).failure);
      const limitBytes = largestInputOf(name);
      if (sizeOf(input) > limitBytes) return refuse({ code: 'input-too-large', limitBytes });
      return asked(name, input);
    });
  const send = (channel: string, value: unknown) => {
    if (!window.isDestroyed()) window.send(channel, value);
  };

  listen('tare:call', calls, (name, input) => {
    const reason = refusal('window', name, input);
    return reason === undefined
      ? answer(engine, name, input)
      : Promise.resolve(refuse({ code: 'call-refused', reason }));
  });
  listen('tare:native-shell', nativeShellCalls, (name, input) => {
    if (name === 'shown' && waiting) {
      for (const command of waiting) send('tare:commands', command);
      waiting = undefined;
    }
    return nativeShell(name, input);
  });
  const out = batches((events) => send('tare:events', events));
  const unsubscribe = engine.onEvent((event) => out.push(event));
  return {
    command(command) {
      if (waiting) waiting.push(command);
      else send('tare:commands', command);
    },
    restarted: () => void (waiting ??= []),
    close() {
      unsubscribe();
      out.end();
      ipcMain.removeHandler('tare:call');
      ipcMain.removeHandler('tare:native-shell');
    },
  };
}
