import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { calls, Locale, type Locale as LocaleName } from '../../contract/calls';
import type { Answer } from '../../contract/failures';
import type { Engine } from '../../engine/engine';
import { batches } from '../batches';
import { answer } from '../router';

/** The page's own origin: served by `protocol.handle`, so nothing from the network or the disk can have it. */
export const pageScheme = 'app';
export const pageHost = 'tare';
export const pageUrl = `${pageScheme}://${pageHost}/`;

/** Input larger than this is refused unread; the largest honest plan is a few tens of KiB. */
const largestInput = 1024 * 1024;

/** Only the main frame of our own window, showing our own page, may ask for anything. */
export function isOurs(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  window: WebContents,
): boolean {
  const frame = event.senderFrame; // null once the frame has navigated away or gone
  return event.sender === window && !!frame && frame.parent === null && frame.url.startsWith(pageUrl);
}

const refused = (problem: string): Answer<never> => ({
  ok: false,
  failure: { code: 'bad-input', problems: [problem] },
});

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0;
  } catch {
    return Infinity; // cyclic, or a BigInt: not data of the contract
  }
}

/** The wiring of one window; `close` takes it down. */
export interface WindowWiring {
  /** the language the page last spoke; undefined before its first call */
  locale(): LocaleName | undefined;
  close(): void;
}

/** Joins a window to the engine: calls in through one channel, events out through another, in batches. */
export function wireWindow(
  engine: Engine,
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>,
  window: WebContents,
): WindowWiring {
  let locale: LocaleName | undefined;
  ipcMain.handle('tare:call', (event, name: unknown, input: unknown, spoken: unknown) => {
    if (!isOurs(event, window)) return refused('not asked by the window of Tare');
    if (typeof name !== 'string' || !Object.hasOwn(calls, name)) return refused('no such call');
    if (sizeOf(input) > largestInput) return refused(`more than ${largestInput} bytes`);
    const known = Locale.safeParse(spoken);
    if (known.success) locale = known.data;
    return answer(engine, name, input, locale);
  });
  const out = batches((events) => {
    if (!window.isDestroyed()) window.send('tare:events', events);
  });
  const unsubscribe = engine.onEvent((event) => out.push(event));
  return {
    locale: () => locale,
    close() {
      unsubscribe();
      out.end();
      ipcMain.removeHandler('tare:call');
    },
  };
}
