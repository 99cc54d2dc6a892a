/** What fills the window and surrounds it: engine, menu, dialogs, signals, and the end. */
import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  shell,
  type BrowserWindow,
} from 'electron';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { version } from '../../../package.json';
import { explain, message } from '../../contract/messages';
import type { Locale } from '../../contract/appearance';
import type { Engine } from '../../engine/engine';
import { toFailure } from '../../engine/base/errors';
import { closing, workUnderWay, type Closing } from './closing';
import { nativeShell } from './nativeShell';
import {
  askAboutPage,
  askWhere,
  askWhich,
  choosePlace,
  confirmStop,
  showAbout,
  showProblemReport,
  showUpdates,
} from './dialogs';
import { wireWindow, type WindowWiring } from './ipc';
import { lateEngine } from './lateEngine';
import { keepLook, type Look } from './appearance';
import { logWork, openLog, type Log } from './help/log';
import { writeProblemReport } from './help/problemReport';
import { menuTemplate } from './menu';
import { openRecord, recordNamed, type FileOpenings } from './openFile';
import { printWithWindow } from './printing';
import { recoverPage } from './recovery';
import { signalRuns } from './runSignals';

/** The window that is to be filled, and what it was opened with. */
export interface DesktopParts {
  window: BrowserWindow;
  look: Look;
  /** where the look is kept */
  lookFile: string;
  assetsFolder: string;
  icon: string;
  openedFiles: FileOpenings;
}

/** What the menu and the dialogs need to know, as the page last told it. */
interface Spoken extends Look {
  exportable: boolean;
}

/** Writes what helps to find a fault, and shows where it lies. */
async function reportProblem(engine: Engine, window: BrowserWindow, locale: Locale, log: Log): Promise<void> {
  const { electron = '?', chrome = '?', node } = process.versions;
  const folder = await writeProblemReport({
    folder: app.getPath('downloads'),
    engine,
    log,
    versions: {
      ...{ tare: version, electron, chromium: chrome, node },
      ...{ system: `${process.platform} ${process.arch} ${process.getSystemVersion()}`, locale },
    },
    home: app.getPath('home'),
    now: new Date(),
  });
  shell.showItemInFolder(folder);
  await showProblemReport(window, locale, folder);
}

/** Joins page, engine, menu and the system's own dialogs. */
function join(
  engine: Engine,
  { window, lookFile, icon, openedFiles }: DesktopParts,
  spoken: Spoken,
  pageIsPainted: () => void,
  log: Log,
): WindowWiring {
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
      about: () =>
        void showAbout(window, spoken.locale, icon).then((licences) => {
          if (licences) wiring.command({ kind: 'go', address: '#/about' });
        }),
      updates: () => void showUpdates(window, spoken.locale),
      logs: () => shell.showItemInFolder(log.file),
      problem: () =>
        void reportProblem(engine, window, spoken.locale, log).catch((error: unknown) =>
          wiring.command({ kind: 'failed', failure: toFailure(error) }),
        ),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  const wiring = wireWindow(
    engine,
    ipcMain,
    window.webContents,
    nativeShell({
      engine,
      askWhere: (file, format) => askWhere(window, file, format),
      firstFolder: () => app.getPath('documents'),
      reveal: (file) => shell.showItemInFolder(file),
      choose: (what, from) => choosePlace(window, what, from, spoken.locale),
      locale: () => spoken.locale,
      shown({ exportable, theme, locale }) {
        pageIsPainted();
        if (spoken.locale !== locale || spoken.theme !== theme) keepLook(lookFile, { locale, theme });
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
  openedFiles.to((file) => void open(file));
  return wiring;
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Progress on the icon, and a notification at the end of a long run that nobody watched. */
function signal(engine: Engine, { window, icon }: DesktopParts, wiring: WindowWiring, spoken: Spoken): void {
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

/** A page that fails or hangs must not keep everything else waiting: the engine is not loaded for its sake, but no longer than this. */
const longestUnpaintedMs = 5000;

/** Fills the parts. The page may come once this has returned; the engine itself is loaded later, when it is first asked something. */
export function openDesktop(parts: DesktopParts): void {
  const { window, look, assetsFolder } = parts;
  const spoken: Spoken = { ...look, exportable: false };
  let pageIsPainted = (): void => undefined;
  const painted = Promise.race([
    new Promise<void>((resolve) => (pageIsPainted = resolve)),
    setTimeout(longestUnpaintedMs),
  ]);
  const engine = lateEngine(async () => {
    await painted; // loading it keeps this process busy for a tenth of a second, in which the page would get none of its files
    const { createEngine } = await import('../../engine/index');
    return createEngine({ door: 'window', assetsFolder, printPdf: printWithWindow });
  });
  const log = openLog(app.getPath('logs'));
  log.write('window opened', { tare: version, electron: process.versions.electron ?? '?' });
  logWork(engine, log);
  const underWay = workUnderWay(engine, () => end.idle());
  if (process.platform === 'darwin')
    app.dock?.setIcon(nativeImage.createFromPath(path.join(assetsFolder, 'icons/tare-512.png')));
  const wiring = join(engine, parts, spoken, () => pageIsPainted(), log);
  signal(engine, parts, wiring, spoken);
  // what a Tare that was killed has left behind; what stays is shown with the environment, and the next run tries again
  window.webContents.once('did-finish-load', () => {
    void engine.clean({ dryRun: false, cache: false }).catch(() => undefined);
  });
  const end: Closing = closing({
    engine,
    underWay,
    confirm: (work, signal) => confirmStop(window, spoken.locale, work, signal),
    clearingUp: () => window.setTitle(message(spoken.locale, 'ui.close.clearing')),
    exit: (code) => {
      wiring.close();
      app.exit(code);
    },
  });
  recover(window, wiring, spoken, end);
  window.webContents.on('render-process-gone', (_event, { reason }) => log.write('page ended', { reason }));
  window.on('unresponsive', () => log.write('page does not answer'));
  const hold = (event: { preventDefault(): void }) => {
    if (end.ended()) return;
    event.preventDefault();
    void end.request();
  };
  window.on('close', hold);
  app.on('before-quit', hold);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end.now());
}

/** The program cannot begin: said in the system's own words, as there is nothing else to say it with. */
export function tellStartFailed(locale: Locale, error: unknown): void {
  const { what, remedy } = explain(locale, toFailure(error));
  dialog.showErrorBox('Tare', `${what}\n\n${remedy}`);
}
