import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../main/contract/run/run';
import { processes } from '../../main/engine/base/process/proc';
import { home, openApp, startAgain, virtualScreen, type Home, type OpenedApp } from '../support/window/app';
import { askMain } from '../support/window/main';
import { accessibilityProblems } from '../support/window/axe';
import { drawings } from '../support/window/drawings';
import { halfMade, leftovers } from '../support/leaks';
import type { Screen } from '../support/window/screen';
import { clickNotification, signals, watchSignals } from '../support/signals';

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
    { timeout: 90_000, interval: 20 },
  );
}

/** Counts what a person clicks on the page from now on. */
const countClicks = (page: Page) =>
  page.evaluate(() => {
    const counted = globalThis as unknown as { clicks: number };
    counted.clicks = 0;
    addEventListener('click', () => (counted.clicks += 1), true);
  });
const clicksOn = (page: Page) => page.evaluate(() => (globalThis as unknown as { clicks: number }).clicks);

const runButton = (page: Page, title: string) => page.getByRole('button', { name: `Run: ${title}` });
/** The one on the start page: it measures the preset `quick`. */
const measureButton = (page: Page) => page.getByRole('button', { name: 'Measure now' });

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
    await page.getByRole('heading', { level: 1, name: /How much heavier/ }).waitFor();
    await page.getByRole('button', { name: 'Run: Three small apps' }).waitFor();
    for (const name of ['See isolation', 'See the workflow'])
      await page.getByRole('link', { name }).waitFor();
    await page.getByText('Docker', { exact: false }).first().waitFor();
  });

  it('comes from nothing to a first comparison, with charts, in at most three clicks', async () => {
    const { app, page } = opened;
    opened.problems.length = 0;
    await countClicks(page);
    await watchSignals(app);
    await measureButton(page).click();
    await page.getByRole('heading', { name: 'Running: Quick comparison' }).waitFor();
    await expect(page.locator('section.lanes li').count()).resolves.toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByText('ready after').first().waitFor();

    const title = page.getByRole('heading', { level: 1, name: 'Quick comparison', exact: true });
    await title.waitFor().catch(async () => {
      throw new Error(`no report, but: ${await page.locator('main').innerText()}`);
    });
    expect(await clicksOn(page)).toBeLessThanOrEqual(3);
    expect(page.url()).toContain('#/report/');
    const [run] = runsOf(own);
    expect(run!.state).toBe('done');
    // the oldest runtime reads the kernel's figures as well as Node does
    expect(run!.trials.map(({ memory }) => memory.missing)).toEqual(run!.trials.map(() => []));
    const text = await page.locator('main').innerText();
    expect(text).toContain('emulated');
    const drawn = await drawings(page);
    expect(drawn.length).toBeGreaterThanOrEqual(2);
    for (const { title, colours, size, place } of drawn) {
      expect(colours, title).toBeGreaterThan(8);
      expect(size, title).toEqual(place);
    }
    expect(opened.problems).toEqual([]);
    expect(leftovers(run!.session)).toEqual([]);
  });

  it('has told of that run on the task bar, and of its end, which leads to its report', async () => {
    const { app, page } = opened;
    await expect.poll(async () => (await signals(app)).told).not.toEqual([]);
    const { shares, told } = await signals(app);
    const [run] = runsOf(own);
    expect(shares[0]).toBe('indeterminate');
    expect(shares.at(-1)).toBe(-1);
    const started = [...run!.warmups, ...run!.trials];
    expect(shares.slice(1, -1)).toEqual(started.map((_, index) => (index + 1) / started.length));
    expect(told).toEqual([{ title: 'Quick comparison', body: expect.stringMatching(/./) as string }]);
    await page.getByRole('link', { name: 'Images' }).click();
    await clickNotification(app);
    await page.getByRole('heading', { level: 1, name: 'Quick comparison', exact: true }).waitFor();
  });

  it('lets nobody start a second window beside it', async () => {
    expect(await startAgain(screen, own)).toBe(0);
    expect(opened.app.windows()).toHaveLength(1);
    await expect(opened.page.title()).resolves.toContain('Tare');
  }, 60_000);
});

describe('closing during a run', () => {
  it('asks, goes on when told so, and otherwise leaves nothing behind', async () => {
    using own = home();
    const { app, page } = await openApp(screen, own);
    await askMain(app, ({ dialog }) => {
      const asked = globalThis as unknown as { questions: string[]; replies: number[] };
      asked.questions = [];
      asked.replies = [1, 0]; // goes on at first, then stops
      dialog.showMessageBox = ((_window: unknown, options: { message: string }) => {
        asked.questions.push(options.message);
        return Promise.resolve({ response: asked.replies.shift(), checkboxChecked: false });
      }) as typeof dialog.showMessageBox;
    });
    const close = () => askMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());

    await runButton(page, 'Three small apps').click();
    const session = await sessionAtWork(own);

    await close();
    await expect(
      askMain(app, () => (globalThis as unknown as { questions: string[] }).questions),
    ).resolves.toEqual(['Stop the run and close?']);
    await expect(page.getByRole('button', { name: 'Stop' }).isEnabled()).resolves.toBe(true);

    const ended = exitCode(app);
    await close();
    await expect(ended).resolves.toBe(0);
    expect(leftovers(session)).toEqual([]);
    expect(runsOf(own).map(({ state }) => state)).toEqual(['stopped']);
    expect(readdirSync(path.join(own.dataFolder, 'ledger'))).toEqual([]);
  });

  it('stops without asking when the system ends the program', async () => {
    using own = home();
    const { app, page } = await openApp(screen, own);
    await measureButton(page).click();
    const session = await sessionAtWork(own);
    const ended = exitCode(app);
    app.process().kill('SIGTERM');
    await expect(ended).resolves.toBe(0);
    expect(leftovers(session)).toEqual([]);
    expect(runsOf(own).map(({ state }) => state)).toEqual(['stopped']);
  });

  it('is shown as interrupted after a kill, with what was measured; the next start removes what is left', async () => {
    using own = home();
    const killed = await openApp(screen, own);
    await measureButton(killed.page).click();
    await expect.poll(() => runsOf(own)[0]!.trials.length).toBeGreaterThan(0);
    const { session } = runsOf(own)[0]!;
    const containers = () => leftovers(session).filter((what) => what.startsWith('container'));
    await expect.poll(containers).toEqual([]);
    await expect.poll(containers).not.toEqual([]); // it has just been made
    const ended = exitCode(killed.app);
    killed.app.process().kill('SIGKILL');
    await ended;
    expect(containers()).not.toEqual([]);
    expect(runsOf(own)[0]!.state).toBe('running'); // nobody could write more

    const { app, page } = await openApp(screen, own);
    await page.getByRole('link', { name: 'History' }).click();
    const row = page.getByRole('row', { name: 'Quick comparison' });
    await row.getByText('interrupted', { exact: true }).waitFor();
    await row.getByRole('rowheader').getByRole('link').click(); // named by what was measured
    await page.getByRole('heading', { level: 1, name: 'Quick comparison', exact: true }).waitFor();
    await page.locator('#main').getByText('interrupted', { exact: true }).waitFor();
    await page.getByRole('table').first().waitFor();
    const listed = () => readdirSync(path.join(own.dataFolder, 'ledger'));
    await expect.poll(() => listed()).not.toContain(`${session}.ndjson`);
    expect(leftovers(session)).toEqual([]);
    await app.close();
    expect(listed()).toEqual([]);
    expect(halfMade(own.dataFolder)).toEqual([]);
    const ofHome = ({ words }: { words: string[] }) => words.some((word) => word.includes(own.folder));
    await expect.poll(() => processes().filter(ofHome)).toEqual([]);
  });
});
