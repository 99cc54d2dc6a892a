/**
 * The start of the desktop program: as little as a window needs. Everything else is loaded while Chromium starts a process for the
 * page, which takes longer than that.
 */
import { app, nativeTheme, protocol, session } from 'electron';
import path from 'node:path';
import type { Locale } from '../../contract/appearance';
import { readLook } from './appearance';
import { fileOpenings } from './openFile';
import { pageScheme } from './pageAddress';
import { lockSession, openWindow, servePage } from './window';

/** Next to the bundles: `dist/` and `assets/` keep their places when the app is packaged. */
const root = path.resolve(__dirname, '../..');
/** Programs outside Electron read these, and they cannot look into an asar archive. */
const assetsFolder = path.join(root.replace(/\.asar$/, '.asar.unpacked'), 'assets');

/** From the first moment: macOS tells of a file before the program is ready. */
const openedFiles = fileOpenings(app);

const systemLocale = (): Locale => (app.getLocale().startsWith('zh') ? 'zh-CN' : 'en');

async function main(): Promise<void> {
  await app.whenReady();
  const lookFile = path.join(app.getPath('userData'), 'look.json');
  const look = readLook(lookFile) ?? { locale: systemLocale(), theme: 'system' };
  nativeTheme.themeSource = look.theme; // before the window has its first colour
  const letPageIn = servePage(session.defaultSession, path.join(root, 'dist/renderer'));
  lockSession(session.defaultSession);
  const icon = path.join(assetsFolder, 'icons/tare-256.png');
  const window = openWindow({
    preload: path.join(root, 'dist/preload/index.cjs'),
    icon,
    session: session.defaultSession,
    stateFile: path.join(app.getPath('userData'), 'window.json'),
  });
  const { openDesktop } = await import('./program');
  openDesktop({ window, look, lookFile, assetsFolder, icon, openedFiles });
  letPageIn();
}

protocol.registerSchemesAsPrivileged([
  {
    scheme: pageScheme,
    // compiled code is kept between two starts, beside the window's other data
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
]);
if (app.requestSingleInstanceLock()) {
  main().catch(async (error: unknown) => {
    console.error(error);
    const { tellStartFailed } = await import('./program');
    tellStartFailed(systemLocale(), error);
    app.exit(1);
  });
} else {
  app.quit(); // the first one comes to the front
}
