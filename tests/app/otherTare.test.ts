/** A run that the command line makes, on a page that another Tare serves from the same data folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { livingSessions } from '../../main/engine/base/process/sessions/sessions';
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
  const left = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && !signalCode);
  await Promise.all(
    left.map(async (child) => {
      child.kill('SIGINT');
      await once(child, 'exit');
    }),
  );
  await page.context().close();
  expect(problems).toEqual([]);
});

const program = path.join(root, 'dist/main/cli.cjs');
const environment = () => ({ ...process.env, ...served.own.environment });

/** Ended after each test, where that has not done it. */
const children: ChildProcess[] = [];

/** In a terminal, on the page's data folder unless another one is named. */
function measure(trials: number, ...more: string[]): ChildProcess {
  const words = ['run', '--workload', 'web', '--targets', 'container', '--trials', String(trials), ...more];
  const child = spawn(process.execPath, [program, ...words], {
    env: environment(),
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

const rows = () => page.locator('tbody tr');
/** Leads from the history to the run that is listed as under way there. */
async function openRunning(child: ChildProcess): Promise<void> {
  await showPage(page, { page: 'history' });
  await rows().getByText('running').first().waitFor();
  await rows().first().getByRole('link').click();
  await page.getByText(`command line, process ${child.pid}`).waitFor();
}

it('is shown with who makes it, cannot be stopped there, and ends in its report', async () => {
  const child = measure(3);
  const ended = once(child, 'exit');
  await openRunning(child);
  expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  expect(await ended).toEqual([0, null]);
  await page.waitForURL(/#\/report\//);
  await showPage(page, { page: 'history' });
  expect(await rows().getByText('running').count()).toBe(0);
});

it('is told by `tare show` while it lasts, and its row in an open history by how it ends', async () => {
  const child = measure(50);
  await openRunning(child);
  await page.getByText('Round').first().waitFor();
  const told = execFileSync(process.execPath, [program, 'show', 'last'], {
    env: environment(),
    encoding: 'utf8',
  });
  // with the warm-up
  expect(told).toMatch(/Under way: \d+ of 51 trials/);
  expect(told).toContain(`process ${child.pid}`);
  await showPage(page, { page: 'history' });
  await rows().first().getByText('running').waitFor();
  child.kill('SIGINT');
  await once(child, 'exit');
  await rows().first().getByText('stopped').waitFor();
});

it('on another data folder keeps the page from measuring, until a person says so', async () => {
  const child = measure(50, '--data-folder', path.join(served.own.folder, 'other'));
  const isAtWork = () =>
    livingSessions(process.env.TARE_LOCK_DIR!).some(({ pid, work }) => pid === child.pid && work.length > 0);
  await expect.poll(isAtWork).toBe(true);
  await page.getByRole('button', { name: 'Measure now' }).click();
  const warning = page.getByRole('alert').filter({ hasText: `Another Tare (process ${child.pid})` });
  await warning.getByRole('button', { name: 'Measure anyway' }).click();
  await page.getByRole('heading', { level: 1, name: 'Running: Quick comparison' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('heading', { level: 1, name: 'Quick comparison', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Open the report' }).waitFor();
});

it('is said to be interrupted once its maker was killed', async () => {
  const child = measure(50);
  await openRunning(child);
  await page.getByText('Round').first().waitFor();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await page.getByText('interrupted', { exact: true }).waitFor();
  await showPage(page, { page: 'history' });
  await rows().first().getByText('interrupted', { exact: true }).waitFor();
});
