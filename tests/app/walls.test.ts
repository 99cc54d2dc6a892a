/** What the window's page is kept from, and that the window is whole again whatever it tried. */
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { home, openApp, root, virtualScreen, type Home, type OpenedApp } from '../support/window/app';
import { askMain } from '../support/window/main';
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

it('gives the page nothing but its bridge', async () => {
  const seen = await opened.page.evaluate(() => ({
    require: typeof (globalThis as { require?: unknown }).require,
    process: typeof (globalThis as { process?: unknown }).process,
    bridge: Object.keys(window.tare ?? {}),
  }));
  const bridge = ['call', 'nativeShell', 'onEvents', 'onCommand'];
  expect(seen).toEqual({ require: 'undefined', process: 'undefined', bridge });
  const preferences = await askMain(opened.app, ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag: webviewTag ?? false };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
});

it('runs no script that is not its own', async () => {
  const outcome = await opened.page.evaluate(async () => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const attempts = [
      () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.harmed = 1">'),
      () => {
        const script = document.createElement('script');
        script.append('window.harmed = 2');
        document.head.append(script);
      },
      () => {
        const button = document.createElement('button');
        button.setAttribute('onclick', 'window.harmed = 3');
        button.click();
      },
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch (error) {
        blocked.push((error as Error).name);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { harmed: 'harmed' in window, blocked };
  });
  expect(outcome.harmed).toBe(false);
  expect(outcome.blocked.length).toBeGreaterThanOrEqual(3);
});

it('cannot leave its page, open another or reach the network', async () => {
  const { app, page } = opened;
  const isLoading = () =>
    askMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.isLoading());
  await expect.poll(isLoading).toBe(false);
  const reached = await page.evaluate(async () => ({
    opened: window.open('https://example.com') !== null,
    fetched: await fetch('http://127.0.0.1:1/').then(
      () => true,
      () => false,
    ),
  }));
  expect(reached).toEqual({ opened: false, fetched: false });
  await page.evaluate(() => void (location.href = 'https://example.com/'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  expect(page.url()).toMatch(/^app:\/\/tare\//);
  await page.goto('about:blank'); // which nobody is asked about
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect(askMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).resolves.toBe(1);
});

it('is whole again after it tried to leave while it was loading', async () => {
  const wasLoading = await askMain(opened.app, async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const begun = new Promise<void>((resolve) => webContents.once('did-navigate', () => resolve()));
    webContents.reload();
    await begun;
    const isLoading = webContents.isLoading();
    await webContents.mainFrame.executeJavaScript(`void (location.href = 'tare://elsewhere/')`);
    return isLoading;
  });
  expect(wasLoading).toBe(true);
  // no locator: it waits for the end of the navigation that was refused, which may never be told
  await opened.page.waitForFunction(() => document.querySelector('h1')?.checkVisibility());
});

it('refuses every sender but its own window', async () => {
  const answers = await askMain(
    opened.app,
    async ({ BrowserWindow }, preload) => {
      const ask = async (url: string) => {
        const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await stranger.loadURL(url);
        const answer = (await stranger.webContents.executeJavaScript(
          `window.tare ? window.tare.call('runs', {}).catch(String) : 'no bridge'`,
        )) as unknown;
        stranger.destroy();
        return answer;
      };
      return [await ask('data:text/html,<h1>stranger'), await ask('app://tare/')];
    },
    path.join(root, 'dist/preload/index.cjs'),
  );
  const refusal = {
    ok: false,
    failure: { code: 'sender-refused', reason: 'not-our-window' },
  };
  expect(answers).toEqual([refusal, refusal]);
});
