import { app, dialog, ipcMain, Menu, nativeImage, protocol, session, type BrowserWindow } from 'electron';
import path from 'node:path';
import type { Locale } from '../../contract/calls';
import { message } from '../../contract/messages';
import { createEngine } from '../../engine/index';
import { closing, watchRuns, type Closing } from './closing';
import { pageScheme, wireWindow, type WindowWiring } from './ipc';
import { menuTemplate } from './menu';
import { lockSession, openWindow, servePage } from './window';

/** Next to the bundles: `dist/` and `assets/` keep their places when the app is packaged. */
const root = path.resolve(__dirname, '../..');
/** Programs outside Electron read these, and they cannot look into an asar archive. */
const assetsFolder = path.join(root.replace(/\.asar$/, '.asar.unpacked'), 'assets');

/** Asks before a run is cut short. */
async function confirmStop(window: BrowserWindow, locale: Locale): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: message(locale, 'ui.close.question'),
    detail: message(locale, 'ui.close.detail'),
    buttons: [message(locale, 'ui.close.stop'), message(locale, 'ui.close.keep')],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}

async function main(): Promise<void> {
  await app.whenReady();
  const systemLocale: Locale = app.getLocale().startsWith('zh') ? 'zh-CN' : 'en';
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(systemLocale)));
  servePage(session.defaultSession, path.join(root, 'dist/renderer'));
  lockSession(session.defaultSession);

  const engine = createEngine({ assetsFolder });
  const window = openWindow({
    preload: path.join(root, 'dist/preload/index.cjs'),
    icon: path.join(assetsFolder, 'icons/tare-256.png'),
    session: session.defaultSession,
  });
  if (process.platform === 'darwin')
    app.dock?.setIcon(nativeImage.createFromPath(path.join(assetsFolder, 'icons/tare-512.png')));
  const wiring: WindowWiring = wireWindow(engine, ipcMain, window.webContents);
  const spoken = () => wiring.locale() ?? systemLocale;
  const end: Closing = closing({
    engine,
    running: watchRuns(engine),
    confirm: () => confirmStop(window, spoken()),
    clearingUp: () => window.setTitle(message(spoken(), 'ui.close.clearing')),
    exit: (code) => {
      wiring.close();
      app.exit(code);
    },
  });
  const hold = (event: { preventDefault(): void }) => {
    if (end.ended()) return;
    event.preventDefault();
    void end.request();
  };
  window.on('close', hold);
  app.on('before-quit', hold);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end.now());
}

protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
if (app.requestSingleInstanceLock()) {
  main().catch((error: unknown) => {
    console.error(error);
    dialog.showErrorBox('Tare', error instanceof Error ? error.message : String(error));
    app.exit(1);
  });
} else {
  app.quit(); // the first one comes to the front
}
