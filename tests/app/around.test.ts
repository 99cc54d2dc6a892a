/** What the window has around its page: menu, dialogs, theme, and what happens when the page ends. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { version } from '../../package.json';
import { home, openApp, virtualScreen, type Home, type OpenedApp } from '../support/window/app';
import { askMain } from '../support/window/main';
import { chooseFromMenu, openFrom, takeMessages, takenMessages } from '../support/window/dialogs';
import type { Screen } from '../support/window/screen';

let screen: Screen;
let own: Home;
let opened: OpenedApp;
beforeAll(async () => {
  screen = await virtualScreen();
  own = home();
  opened = await openApp(screen, own);
});
afterAll(async () => {
  await opened.app.close();
  own[Symbol.dispose]();
  await screen[Symbol.asyncDispose]();
});
const themes = () =>
  askMain(opened.app, ({ BrowserWindow, nativeTheme }) => [
    nativeTheme.themeSource,
    BrowserWindow.getAllWindows()[0]!.getBackgroundColor().toLowerCase(),
  ]);

it('leads to every page of the side bar and back, from the menu', async () => {
  const { app, page } = opened;
  await chooseFromMenu(app, 'View', 'Images');
  await expect.poll(() => page.url()).toMatch(/#\/images$/);
  await chooseFromMenu(app, 'View', 'Isolation');
  await expect.poll(() => page.url()).toMatch(/#\/isolation$/);
  await chooseFromMenu(app, 'View', 'Back');
  await expect.poll(() => page.url()).toMatch(/#\/images$/);
  await chooseFromMenu(app, 'View', 'Forward');
  await expect.poll(() => page.url()).toMatch(/#\/isolation$/);
});

it('lets a person look for a folder instead of typing it', async () => {
  const { app, page } = opened;
  await openFrom(app, own.dataFolder);
  await page.evaluate(() => (location.hash = '#/settings'));
  await page.getByRole('button', { name: 'Browse… (Data folder)' }).click();
  const chosen = page.getByLabel('Data folder', { exact: true });
  await expect.poll(() => chosen.inputValue()).toBe(own.dataFolder);
});

it('helps from the menu: the log, a report of a problem that is sent to nobody, updates and about', async () => {
  const { app } = opened;
  await takeMessages(app, own.folder);
  const told = () => takenMessages(app);
  await chooseFromMenu(app, 'Help', 'Show the log');
  await expect.poll(told).toEqual([expect.stringMatching(/^shown: .*tare\.log$/)]);
  await chooseFromMenu(app, 'Help', 'Report a problem…');
  await expect
    .poll(told)
    .toContainEqual(expect.stringMatching(/^A problem report was written: .*sent to nobody/s));
  const report = readdirSync(own.folder).find((name) => name.startsWith('tare-problem-'))!;
  expect(readdirSync(path.join(own.folder, report)).sort()).toEqual([
    'doctor.json',
    'tare.log',
    'versions.json',
  ]);
  await chooseFromMenu(app, 'Help', 'Updates…');
  await expect.poll(told).toContainEqual(expect.stringContaining(`This is Tare ${version}: `));
  await chooseFromMenu(app, 'Help', 'About Tare');
  await expect.poll(told).toContainEqual(expect.stringMatching(/MIT licence.*THIRD-PARTY-NOTICES\.txt/s));
});

it('has the theme of the page, also from the first moment of the next start', async () => {
  await opened.page.getByRole('button', { name: 'Dark' }).first().click();
  await expect.poll(() => themes()).toEqual(['dark', '#131416']);
  await opened.app.close();
  opened = await openApp(screen, own);
  expect(await themes()).toEqual(['dark', '#131416']);
});

it('shows a page that crashed anew, where it was, and says so', async () => {
  const { app, page } = opened;
  await page.evaluate(() => (location.hash = '#/history'));
  const pid = await askMain(app, ({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
  );
  const back = askMain(app, ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()));
  });
  process.kill(pid, 'SIGKILL');
  await back; // a page that is gone never answers
  const shown = () =>
    askMain(app, ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
        `location.hash + ' ' + document.body.innerText`,
      ),
    );
  await expect.poll(() => shown()).toMatch(/^#\/history .*was reopened/s);
});
