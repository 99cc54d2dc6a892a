import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../main/contract/run';
import { home, openApp, root, virtualScreen, type Home, type OpenedApp } from '../support/app';
import { accessibilityProblems } from '../support/axe';
import { drawings } from '../support/canvas';
import { leftovers } from '../support/leaks';
import type { Screen } from '../support/screen';

let screen: Screen;
beforeAll(async () => {
  screen = await virtualScreen();
});
afterAll(() => screen[Symbol.asyncDispose]());

const runsOf = ({ dataFolder }: Home): Run[] =>
  readdirSync(path.join(dataFolder, 'runs')).map(
    (id) => JSON.parse(readFileSync(path.join(dataFolder, 'runs', id, 'run.json'), 'utf8')) as Run,
  );

/** Waits until the only run has a container or a machine up, and answers with its session. */
async function sessionAtWork(own: Home): Promise<string> {
  return vi.waitFor(
    () => {
      const { session } = runsOf(own)[0]!;
      expect(leftovers(session)).not.toEqual([]);
      return session;
    },
    { timeout: 60_000, interval: 20 },
  );
}

const runButton = (page: Page, title: string) => page.getByRole('button', { name: `Run: ${title}` });

/** Every way in which the program ends: its exit code. */
const exitCode = (app: ElectronApplication) =>
  new Promise<number | null>((resolve) => app.process().on('exit', (code) => resolve(code)));

describe('one window on the real engine', () => {
  let own: Home;
  let opened: OpenedApp;
  beforeAll(async () => {
    own = home();
    opened = await openApp(screen, own);
  });
  afterAll(async () => {
    await opened.app.close();
    own[Symbol.dispose]();
  });

  it('shows the presets and what works on this computer', async () => {
    const { page } = opened;
    await expect(page.title()).resolves.toBe('Tare – Compare');
    const titles = await page.locator('article h2').allTextContents();
    expect(titles.slice(0, 3)).toEqual(['Three small apps', 'Quick look', 'Start-up, carefully']);
    await page.getByText('Docker', { exact: false }).first().waitFor();
  });

  it('runs `quick` and shows both results with charts', async () => {
    const { page } = opened;
    opened.problems.length = 0;
    await runButton(page, 'Quick look').click();
    await page.getByRole('heading', { name: 'Weighing: Quick look' }).waitFor({ timeout: 60_000 });
    await expect(page.locator('section.lanes li').count()).resolves.toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByText('until ready').first().waitFor({ timeout: 60_000 });

    const title = page.getByRole('heading', { level: 1, name: 'Quick look', exact: true });
    await title.waitFor({ timeout: 120_000 }).catch(async () => {
      throw new Error(`no report, but: ${await page.locator('main').innerText()}`);
    });
    expect(page.url()).toContain('#/report/');
    const [run] = runsOf(own);
    expect(run!.state).toBe('done');
    // the oldest runtime reads the kernel's figures as well as Node does
    expect(run!.trials.map(({ memory }) => memory.missing)).toEqual(run!.trials.map(() => []));
    const text = await page.locator('main').innerText();
    expect(text).toContain('VMs emulated (TCG)');
    const drawn = await drawings(page);
    expect(drawn.length).toBeGreaterThanOrEqual(2);
    for (const { title, colours } of drawn) expect(colours, title).toBeGreaterThan(8);
    expect(opened.problems).toEqual([]);
    expect(leftovers(run!.session)).toEqual([]);
  });

  it('is accessible on every page, in both themes and languages', async () => {
    const { page } = opened;
    const [run] = runsOf(own);
    for (const theme of ['Light', 'Dark']) {
      await page.getByRole('button', { name: theme }).click();
      for (const address of ['#/compare', '#/history', '#/images', `#/report/${run!.id}`]) {
        await page.evaluate((hash) => (location.hash = hash), address);
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        expect(await accessibilityProblems(page), `${address} ${theme}`).toEqual([]);
      }
    }
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
  });

  it('lets nobody start a second window beside it', async () => {
    const started = await openApp(screen, own).then(
      () => 'a second window',
      () => 'ended',
    );
    expect(started).toBe('ended');
    await expect(opened.page.title()).resolves.toContain('Tare');
  }, 60_000);
});

describe('the border around the page', () => {
  let own: Home;
  let opened: OpenedApp;
  beforeAll(async () => {
    own = home();
    opened = await openApp(screen, own);
  });
  afterAll(async () => {
    await opened.app.close();
    own[Symbol.dispose]();
  });

  it('gives the page nothing but its bridge', async () => {
    const seen = await opened.page.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      bridge: Object.keys(window.tare ?? {}),
    }));
    const bridge = ['call', 'desk', 'onEvents', 'onCommand'];
    expect(seen).toEqual({ require: 'undefined', process: 'undefined', bridge });
    const preferences = await opened.app.evaluate(({ BrowserWindow }) => {
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
    const { page } = opened;
    const reached = await page.evaluate(async () => ({
      opened: window.open('https://example.com') !== null,
      fetched: await fetch('http://127.0.0.1:1/').then(
        () => true,
        () => false,
      ),
    }));
    expect(reached).toEqual({ opened: false, fetched: false });
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(page.url()).toMatch(/^app:\/\/tare\//);
    await expect(
      opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    ).resolves.toBe(1);
  });

  it('refuses every sender but its own window', async () => {
    const answers = await opened.app.evaluate(
      async ({ BrowserWindow }, preload) => {
        const ask = async (url: string) => {
          const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
          await stranger.loadURL(url);
          const answer = (await stranger.webContents.executeJavaScript(
            `window.tare ? window.tare.call('runs', {}, 'en').catch(String) : 'no bridge'`,
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
});

describe('closing during a run', () => {
  it('asks, goes on when told so, and otherwise leaves nothing behind', async () => {
    using own = home();
    const { app, page } = await openApp(screen, own);
    await app.evaluate(({ dialog }) => {
      const asked = globalThis as unknown as { questions: string[]; reply: number };
      asked.questions = [];
      asked.reply = 1;
      dialog.showMessageBox = ((_window: unknown, options: { message: string }) => {
        asked.questions.push(options.message);
        return Promise.resolve({ response: asked.reply, checkboxChecked: false });
      }) as typeof dialog.showMessageBox;
    });
    const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());

    await runButton(page, 'Three small apps').click();
    const session = await sessionAtWork(own);

    await close();
    await expect(
      app.evaluate(() => (globalThis as unknown as { questions: string[] }).questions),
    ).resolves.toEqual(['Stop the run and close?']);
    await expect(page.getByRole('button', { name: 'Stop' }).isEnabled()).resolves.toBe(true);

    await app.evaluate(() => {
      (globalThis as unknown as { reply: number }).reply = 0;
    });
    const ended = exitCode(app);
    await close();
    await expect(ended).resolves.toBe(0);
    expect(leftovers(session)).toEqual([]);
    expect(runsOf(own).map(({ state }) => state)).toEqual(['stopped']);
    expect(readdirSync(path.join(own.dataFolder, 'ledger')).filter((name) => name.endsWith('.json'))).toEqual(
      [],
    );
  });

  it('stops without asking when the system ends the program', async () => {
    using own = home();
    const { app, page } = await openApp(screen, own);
    await runButton(page, 'Quick look').click();
    const session = await sessionAtWork(own);
    const ended = exitCode(app);
    app.process().kill('SIGTERM');
    await expect(ended).resolves.toBe(0);
    expect(leftovers(session)).toEqual([]);
    expect(runsOf(own).map(({ state }) => state)).toEqual(['stopped']);
  });
});
