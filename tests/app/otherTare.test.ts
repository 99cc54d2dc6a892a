/** A run that the command line makes, on a page that another Tare serves from the same data folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { root } from '../support/window/app';
import { leftovers } from '../support/leaks';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser();
});
afterAll(async () => {
  // what the killed one left
  execFileSync(process.execPath, [program, 'clean'], { env: environment() });
  await served[Symbol.asyncDispose]();
  expect(leftovers()).toEqual([]);
});
beforeEach(async () => {
  ({ page, problems } = await served.visit());
});
afterEach(async () => {
  await page.context().close();
  expect(problems).toEqual([]);
});

const program = path.join(root, 'dist/main/cli.cjs');
const environment = () => ({ ...process.env, ...served.own.environment });

/** In a terminal, on the page's data folder. */
function measure(trials: number): ChildProcess {
  const words = ['run', '--workload', 'web', '--targets', 'container', '--trials', String(trials)];
  return spawn(process.execPath, [program, ...words], {
    env: environment(),
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
