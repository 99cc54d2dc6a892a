import { symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepRun } from '../support/fakes/keptRun';
import type { Home } from '../support/window/app';
import { accessibilityProblems } from '../support/window/axe';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({
    prepare: (own) => keepRun(own, { id: '20260101-120000-00ff', preset: 'quick' }),
  });
  ({ page, problems } = await served.visit());
  await page.getByText('All checks').waitFor();
});
afterAll(() => served[Symbol.asyncDispose]());

it('asks one question, says how long its answer takes, and shows the last one', async () => {
  await page.getByRole('heading', { level: 1, name: /^How much heavier is a virtual machine/ }).waitFor();
  await expect(page.getByRole('button', { name: 'Measure now' }).isEnabled()).resolves.toBe(true);
  // the kept run did the same, so that is how long it takes
  await page.getByText('Takes about').waitFor();
  await page.getByText('Last answer').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Open the report' }).click();
  await page.waitForURL(/#\/report\/20260101-120000-00ff$/);
});

it('shows around in four steps, by the keyboard too, and gives the focus back', async () => {
  await showPage(page, { page: 'compare' });
  const tour = page.getByRole('button', { name: 'Show me around' });
  await tour.click();
  const dialog = page.getByRole('dialog', { name: 'Tare in four steps' });
  for (const step of ['Step 1 of 4', 'Step 2 of 4', 'Step 3 of 4', 'Step 4 of 4']) {
    await dialog.getByText(step).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect(tour.evaluate((button) => button === document.activeElement)).resolves.toBe(true);
});

it('finds a page, a run and an action by Ctrl+K', async () => {
  const palette = page.getByRole('combobox', { name: 'Command palette' });
  const options = page.getByRole('option');
  await page.keyboard.press('Control+k');
  await palette.fill('quick');
  // a preset to measure, and the run that is kept
  await options.filter({ hasText: 'Measure: Quick comparison' }).waitFor();
  await options.filter({ hasText: 'Quick comparison ·' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await palette.fill('iso');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/isolation$/);
  await palette.waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await palette.fill('theme dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme="dark"]').waitFor();

  await page.keyboard.press('Control+k');
  await palette.fill('no such thing 7');
  await page.getByText('Nothing has this name.').waitFor();
  await page.keyboard.press('Escape');
});

it.each(['Enter', 'Escape'])('opens when it is called again right after %s', async (end) => {
  const palette = page.getByRole('combobox', { name: 'Command palette' });
  await page.keyboard.press('Control+k');
  await palette.fill('iso');
  // in one task, as quick fingers are on a busy computer: what a browser tells of a dialog's end comes in a later one
  const ended = await palette.evaluate(async (field, key) => {
    const press = (pressed: string, on: EventTarget, ctrlKey = false) =>
      on.dispatchEvent(
        new KeyboardEvent('keydown', { key: pressed, ctrlKey, bubbles: true, cancelable: true }),
      );
    press(key, field);
    for (let turn = 0; field.isConnected && turn < 1000; turn++) await Promise.resolve();
    const isGone = !field.isConnected;
    press('k', document.body, true);
    return isGone;
  }, end);
  expect(ended).toBe(true);
  await palette.waitFor();
  await page.evaluate(() => new Promise((told) => requestAnimationFrame(() => setTimeout(told))));
  await expect(palette.isVisible()).resolves.toBe(true);
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });
});

it('lists the keys when ? is pressed, but not where somebody types', async () => {
  await showPage(page, { page: 'glossary' });
  await page.getByRole('searchbox', { name: 'Search' }).press('?');
  await expect(page.getByRole('dialog').count()).resolves.toBe(0);
  await page.getByRole('heading', { level: 1 }).press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Ctrl+K').waitFor();
  await page.keyboard.press('Escape');
});

it('keeps the page usable in a small window and at 200 %: the side bar is signs, and as narrow', async () => {
  const size = page.viewportSize()!;
  for (const [width, height] of [
    [800, 600],
    [640, 400],
  ] as const) {
    await page.setViewportSize({ width, height });
    await showPage(page, { page: 'compare' });
    await page.getByText('All checks').waitFor();
    const nav = (await page.locator('nav').boundingBox())!;
    expect(nav.width / width).toBeLessThan(0.1);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'History' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await page.setViewportSize(size);
  expect(problems).toEqual([]);
});

it('says what to do where no engine answers, and goes on from there once one does', async () => {
  const socket = (own: Home) => path.join(own.folder, 'docker.sock');
  await using elsewhere = await serveToBrowser({
    prepare: (own) => (own.environment.DOCKER_HOST = `unix://${socket(own)}`),
  });
  const { page: start, problems: told } = await elsewhere.visit();
  const measure = start.getByRole('button', { name: 'Measure now' });
  await start.getByText('sudo systemctl start docker', { exact: true }).waitFor();
  await expect(measure.isEnabled()).resolves.toBe(false);
  expect(await accessibilityProblems(start)).toEqual([]);
  await showPage(start, { page: 'isolation' });
  await start.locator('#main').getByText('No container engine answers.').waitFor();

  await showPage(start, { page: 'compare' });
  symlinkSync('/var/run/docker.sock', socket(elsewhere.own));
  await start.getByRole('button', { name: 'Check again' }).click();
  await expect.poll(() => measure.isEnabled()).toBe(true);
  expect(told).toEqual([]);
});
