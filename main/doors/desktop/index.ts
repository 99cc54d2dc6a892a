import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  protocol,
  session,
  shell,
  type BrowserWindow,
} from 'electron';
import path from 'node:path';
import type { Locale } from '../../contract/calls';
import type { Engine } from '../../engine/engine';
import { explain, message } from '../../contract/messages';
import { toFailure } from '../../engine/errors';
import { closing, workUnderWay, type Closing } from './closing';
import { desk } from './desk';
import { askAboutPage, askWhere, askWhich, choosePlace, confirmStop, showAbout } from './dialogs';
import { pageScheme, wireWindow, type WindowWiring } from './ipc';
import { lateEngine } from './lateEngine';
import { keepLook, readLook, type Look } from './look';
import { menuTemplate } from './menu';
import { fileOpenings, openRecord, recordNamed } from './openFile';
import { printWithWindow } from './printing';
import { recoverPage } from './recovery';
import { signalRuns } from './runSignals';
import { lockSession, openWindow, servePage } from './window';

/** Next to the bundles: `dist/` and `assets/` keep their places when the app is packaged. */
const root = path.resolve(__dirname, '../..');
/** Programs outside Electron read these, and they cannot look into an asar archive. */
const assetsFolder = path.join(root.replace(/\.asar$/, '.asar.unpacked'), 'assets');
const icon = path.join(assetsFolder, 'icons/tare-256.png');

/** What the menu and the dialogs need to know, as the page last told it. */
interface Spoken extends Look {
  exportable: boolean;
}

/** From the first moment: macOS tells of a file before the program is ready. */
const openings = fileOpenings(app);

/** Joins page, engine, menu and the system's own dialogs. */
function furnish(engine: Engine, window: BrowserWindow, spoken: Spoken): WindowWiring {
  const open = async (file: string | undefined) => {
    if (file !== undefined) wiring.command(await openRecord(engine, file));
  };
  const setMenu = () => {
    const template = menuTemplate({
      ...spoken,
      mac: process.platform === 'darwin',
      packaged: app.isPackaged,
      send: (command) => wiring.command(command),
      open: () => void askWhich(window, spoken.locale).then(open),
      about: () => void showAbout(window, spoken.locale, icon),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  const wiring = wireWindow(
    engine,
    ipcMain,
    window.webContents,
    desk({
      engine,
      askWhere: (file, format) => askWhere(window, file, format),
      firstFolder: () => app.getPath('documents'),
      reveal: (file) => shell.showItemInFolder(file),
      choose: (what, from, locale) => choosePlace(window, what, from, locale),
      shown({ exportable, theme }, locale) {
        if (spoken.locale !== locale || spoken.theme !== theme) keepLook(lookFile(), { locale, theme });
        nativeTheme.themeSource = theme;
        const changes = spoken.locale !== locale || spoken.exportable !== exportable;
        Object.assign(spoken, { locale, exportable, theme });
        if (changes) setMenu();
      },
    }),
  );
  setMenu();
  void open(recordNamed(process.argv.slice(app.isPackaged ? 0 : 1), process.cwd()));
  app.on('second-instance', (_event, words, folder) => {
    bringForward(window);
    void open(recordNamed(words.slice(app.isPackaged ? 0 : 1), folder));
  });
  openings.to((file) => void open(file));
  return wiring;
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Progress on the icon, and a notification at the end of a long run that nobody watched. */
function signal(engine: Engine, window: BrowserWindow, wiring: WindowWiring, spoken: Spoken): void {
  signalRuns({
    engine,
    locale: () => spoken.locale,
    focused: () => window.isFocused(),
    progress(share) {
      if (window.isDestroyed()) return;
      if (share === 'busy') window.setProgressBar(2, { mode: 'indeterminate' });
      else window.setProgressBar(share === 'none' ? -1 : share);
    },
    notify({ title, body, run }) {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body, icon });
      notification.on('click', () => {
        bringForward(window);
        wiring.command({ kind: 'go', address: `#/report/${run}` });
      });
      notification.show();
    },
  });
}

/** A page that ends or hangs must not leave a dead window; what the engine does is not touched. */
function recover(window: BrowserWindow, wiring: WindowWiring, spoken: Spoken, end: Closing): void {
  recoverPage({
    contents: window.webContents,
    ask: (state, signal) => askAboutPage(window, state, spoken.locale, signal),
    giveUp: () => void end.request(),
    restarted: () => wiring.restarted(),
    tell: (failure) => wiring.command({ kind: 'failed', failure }),
  });
}

const systemLocale = (): Locale => (app.getLocale().startsWith('zh') ? 'zh-CN' : 'en');

const lookFile = (): string => path.join(app.getPath('userData'), 'look.json');

async function main(): Promise<void> {
  await app.whenReady();
  const look = readLook(lookFile()) ?? { locale: systemLocale(), theme: 'system' };
  const spoken: Spoken = { ...look, exportable: false };
  nativeTheme.themeSource = spoken.theme; // before the window has its first colour
  servePage(session.defaultSession, path.join(root, 'dist/renderer'));
  lockSession(session.defaultSession);

  const engine = lateEngine(async () => {
    const { createEngine } = await import('../../engine/index');
    return createEngine({ assetsFolder, printPdf: printWithWindow });
  });
  const underWay = workUnderWay(engine);
  const window = openWindow({
    preload: path.join(root, 'dist/preload/index.cjs'),
    icon,
    session: session.defaultSession,
    stateFile: path.join(app.getPath('userData'), 'window.json'),
  });
  if (process.platform === 'darwin')
    app.dock?.setIcon(nativeImage.createFromPath(path.join(assetsFolder, 'icons/tare-512.png')));
  const wiring = furnish(engine, window, spoken);
  signal(engine, window, wiring, spoken);
  // what a Tare that was killed has left behind; what stays is shown with the environment, and the next run tries again
  window.webContents.once('did-finish-load', () => {
    void engine.clean({ dryRun: false, cache: false }).catch(() => undefined);
  });
  const end = closing({
    engine,
    underWay,
    confirm: (work) => confirmStop(window, spoken.locale, work),
    clearingUp: () => window.setTitle(message(spoken.locale, 'ui.close.clearing')),
    exit: (code) => {
      wiring.close();
      app.exit(code);
    },
  });
  recover(window, wiring, spoken, end);
  const hold = (event: { preventDefault(): void }) => {
    if (end.ended()) return;
    event.preventDefault();
    void end.request();
  };
  window.on('close', hold);
  app.on('before-quit', hold);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end.now());
}

protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
if (app.requestSingleInstanceLock()) {
  main().catch((error: unknown) => {
    console.error(error);
    const { what, remedy } = explain(systemLocale(), toFailure(error));
    dialog.showErrorBox('Tare', `${what}\n\n${remedy}`);
    app.exit(1);
  });
} else {
  app.quit(); // the first one comes to the front
}
