/** A run that the command line makes, on a page that another Tare serves from the same data folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { home, root, type Home } from '../support/window/app';
import { newReader, openBrowser, visit } from '../support/window/browser';
import { leftovers } from '../support/leaks';
import { showPage } from '../support/window/pages';
import { servePage, type ServedPage } from '../support/window/served';

let own: Home;
let server: ServedPage;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  own = home();
  server = await servePage(own);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  // what the killed one left
  execFileSync(process.execPath, [program, 'clean'], { env: { ...process.env, ...own.environment } });
  expect(leftovers()).toEqual([]);
  own[Symbol.dispose]();
});
beforeEach(async () => {
  context = await newReader(browser);
  ({ page, problems } = await visit(context, server.url));
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

const program = path.join(root, 'dist/main/cli.cjs');

/** In a terminal, on the page's data folder. */
function measure(trials: number): ChildProcess {
  const words = ['run', '--workload', 'web', '--targets', 'container', '--trials', String(trials)];
  return spawn(process.execPath, [program, ...words], {
    env: { ...process.env, ...own.environment },
    stdio: 'ignore',
  });
}

const rows = () => page.locator('tbody tr');
/** Leads from the history to the run that is listed as under way there. */
async function openRunning(child: ChildProcess): Promise<void> {
  await showPage(page, { page: 'history' });
  await rows().getByText('running').first().waitFor({ timeout: 60_000 });
  await rows().first().getByRole('link').click();
  await page.getByText(`command line, process ${child.pid}`).waitFor({ timeout: 30_000 });
}

it('is shown with who makes it, cannot be stopped there, and ends in its report', async () => {
  const child = measure(3);
  const ended = once(child, 'exit');
  await openRunning(child);
  expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  expect(await ended).toEqual([0, null]);
  await page.waitForURL(/#\/report\//, { timeout: 30_000 });
  await showPage(page, { page: 'history' });
  expect(await rows().getByText('running').count()).toBe(0);
});

it('is said to be interrupted once its maker was killed', async () => {
  const child = measure(50);
  await openRunning(child);
  await page.getByText('Round').first().waitFor({ timeout: 60_000 });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await page.getByText('interrupted', { exact: true }).waitFor({ timeout: 30_000 });
  await showPage(page, { page: 'history' });
  await rows().first().getByText('interrupted', { exact: true }).waitFor();
});
