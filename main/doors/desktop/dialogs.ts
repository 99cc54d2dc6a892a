import { app, dialog, type BrowserWindow } from 'electron';
import path from 'node:path';
import manifest from '../../../package.json';
import type { Locale } from '../../contract/appearance';
import type { Wanted } from '../../contract/desktop';
import { message } from '../../contract/messages';
import type { WorkKind } from '../../contract/work/work';
import { newVersions } from './help/newVersions';
import type { PageState } from './recovery';

const { version } = manifest;

/** The system's own dialogs, in the reader's language. */

/** Asks before a run or another longer work is cut short: what it is, and what is lost with it. */
export async function confirmStop(
  window: BrowserWindow,
  locale: Locale,
  work: WorkKind[],
  signal: AbortSignal,
): Promise<boolean> {
  const onlyRun = work.every((one) => one === 'run');
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: message(locale, onlyRun ? 'ui.close.question' : 'ui.close.questionWork'),
    detail: work.map((one) => message(locale, `ui.close.lost.${one}`)).join('\n'),
    buttons: [message(locale, 'ui.close.stop'), message(locale, 'ui.close.keep')],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
    signal,
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

/** Lets a person look for a folder, a file or a program, beginning where they have typed. */
export async function choosePlace(
  window: BrowserWindow,
  what: Wanted,
  from: string,
  locale: Locale,
): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: message(locale, `ui.dialog.${what}`),
    ...(path.isAbsolute(from) && { defaultPath: from }),
    properties: what === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile'],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks what to do about a page that has ended, or does not answer. */
export async function askAboutPage(
  window: BrowserWindow,
  state: PageState,
  locale: Locale,
  signal: AbortSignal,
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: message(locale, `ui.recovery.${state}`),
    detail: message(locale, 'ui.recovery.detail'),
    buttons: [
      message(locale, 'ui.recovery.again'),
      message(locale, state === 'gone' ? 'ui.recovery.close' : 'ui.recovery.wait'),
    ],
    defaultId: state === 'gone' ? 0 : 1,
    cancelId: 1,
    noLink: true,
    signal,
  });
  return response === 0;
}

/** Tells of newer versions what Tare itself knows: nothing, since it asks nobody. */
export async function showUpdates(window: BrowserWindow, locale: Locale): Promise<void> {
  await dialog.showMessageBox(window, {
    title: app.name,
    message: message(locale, 'ui.updates.title', { version }),
    detail: newVersions(locale, manifest),
  });
}

/** Tells what was written and that it was sent to nobody. */
export async function showProblemReport(
  window: BrowserWindow,
  locale: Locale,
  folder: string,
): Promise<void> {
  await dialog.showMessageBox(window, {
    title: app.name,
    message: message(locale, 'ui.problem.title'),
    detail: message(locale, 'ui.problem.detail', { folder }),
  });
}

/** Which packages are in the bundles, with their licences: written by the build, and packed where it can be opened. */
const noticesFolder = () => (app.isPackaged ? process.resourcesPath : path.join(__dirname, '..'));

/** @returns whether the licences of what is bundled are wanted */
export async function showAbout(window: BrowserWindow, locale: Locale, icon: string): Promise<boolean> {
  const { electron = '?', chrome = '?', node } = process.versions;
  const notices = path.join(noticesFolder(), 'THIRD-PARTY-NOTICES.txt');
  const { response } = await dialog.showMessageBox(window, {
    title: app.name,
    message: message(locale, 'ui.about.title', { version }),
    detail: [
      message(locale, 'ui.about.detail', { electron, chrome, node, notices }),
      newVersions(locale, manifest),
    ].join('\n\n'),
    buttons: [message(locale, 'ui.about.close'), message(locale, 'ui.about.licences')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    icon,
  });
  return response === 1;
}
