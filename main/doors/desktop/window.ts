import { BrowserWindow, nativeTheme, type Session } from 'electron';
import { pageFile } from '../page';
import { pageHost, pageScheme, pageUrl } from './ipc';

/** Serves the built page under its own origin, and nothing else to anyone. */
export function servePage(session: Session, rendererFolder: string): void {
  session.protocol.handle(pageScheme, async (request) => {
    const url = new URL(request.url);
    const file = url.host === pageHost ? await pageFile(rendererFolder, url.pathname) : undefined;
    // a copy with its own ArrayBuffer: Node's pooled Buffers are not a BodyInit to every Electron's types
    return file
      ? new Response(new Uint8Array(file.bytes), { headers: file.headers })
      : new Response('not found', { status: 404 });
  });
}

/** Nothing in Tare's page needs the network, the camera or the clipboard's content. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app|devtools|data|blob):/.test(details.url) });
  });
}

/** Opens the window: sandboxed, isolated, unable to leave its page. It shows itself once there is something to see. */
export function openWindow(options: { preload: string; icon: string; session: Session }): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 760,
    minHeight: 520,
    show: false,
    title: 'Tare',
    icon: options.icon,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#131416' : '#fbfbfa',
    webPreferences: {
      preload: options.preload,
      session: options.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
      // the live clocks must not slow down behind another window
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  void window.loadURL(pageUrl);
  return window;
}
