import { BrowserWindow, session, type Session } from 'electron';
import { TareError } from '../../engine/base/errors';
import { printOptions } from '../../engine/results/export/pdf/printOptions';
import { pageScheme } from './pageAddress';

/** A page that is not there by then never will be. */
const limitMs = 60_000;

const printUrl = `${pageScheme}://print/`;

/** A session of its own, kept nowhere: it can load the one page that is being printed, and nothing else. */
function printSession(page: () => string): Session {
  const own = session.fromPartition('tare-print');
  if (!own.protocol.isProtocolHandled(pageScheme)) {
    own.protocol.handle(pageScheme, () => {
      return new Response(page(), { headers: { 'content-type': 'text/html; charset=utf-8' } });
    });
    own.webRequest.onBeforeRequest((details, decide) => decide({ cancel: details.url !== printUrl }));
    own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  }
  return own;
}

let current = '';
let last: Promise<unknown> = Promise.resolve();

/**
 * Prints a page with the window's own Chromium, in a hidden sandboxed window without scripts; one after the other.
 * @throws {TareError} `program-failed`
 */
export function printWithWindow(page: string): Promise<Uint8Array> {
  const printed = last.then(() => print(page));
  last = printed.catch(() => undefined);
  return printed;
}

async function print(page: string): Promise<Uint8Array> {
  current = page;
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: printSession(() => current),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not printed within ${limitMs} ms`)), limitMs);
  });
  const printing = window.loadURL(printUrl).then(() => window.webContents.printToPDF({ ...printOptions }));
  try {
    return await Promise.race([printing, late]);
  } catch (error) {
    const exit = error instanceof Error ? error.message : String(error);
    throw new TareError(
      { code: 'program-failed', program: 'printToPDF', exit, output: '' },
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    window.destroy();
  }
}
