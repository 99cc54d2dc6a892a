import { app, dialog, type BrowserWindow } from 'electron';
import { version } from '../../../package.json';
import type { Locale } from '../../contract/calls';
import { message } from '../../contract/messages';

/** The system's own dialogs, in the reader's language. */

/** Asks before a run is cut short. */
export async function confirmStop(window: BrowserWindow, locale: Locale): Promise<boolean> {
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

/** Asks where a file shall go; the system asks back by itself when one is there already. */
export async function askWhere(
  window: BrowserWindow,
  file: string,
  format: string,
): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: file,
    filters: [{ name: format.toUpperCase(), extensions: [format] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  });
  return canceled || !filePath ? undefined : filePath;
}

/** Asks for a record to open. */
export async function askWhich(window: BrowserWindow, locale: Locale): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    filters: [{ name: message(locale, 'ui.dialog.records'), extensions: ['json'] }],
    properties: ['openFile'],
  });
  return canceled ? undefined : filePaths[0];
}

export async function showAbout(window: BrowserWindow, locale: Locale, icon: string): Promise<void> {
  const { electron = '?', chrome = '?', node } = process.versions;
  await dialog.showMessageBox(window, {
    title: app.name,
    message: message(locale, 'ui.about.title', { version }),
    detail: message(locale, 'ui.about.detail', { electron, chrome, node }),
    icon,
  });
}
