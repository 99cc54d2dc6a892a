/** Longer work, and the page that asked for it: reloaded meanwhile, and beside a second one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { scratchImage } from '../support/images';
import { leftovers } from '../support/leaks';
import { visit } from '../support/window/browser';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser();
});
afterAll(async () => {
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

/** A folder whose build takes as long as its last instruction says. */
async function folderThatTakes(seconds: number): Promise<string> {
  const folder = path.join(served.own.folder, `takes-${seconds}`);
  mkdirSync(folder, { recursive: true });
  const image = await scratchImage();
  const lines = [`FROM ${image}`, `RUN ["/bin/busybox", "sleep", "${seconds}"]`];
  writeFileSync(path.join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
  return folder;
}

/** Follows a folder to a container alone, without using earlier layers. */
async function follow(folder: string): Promise<void> {
  await showPage(page, { page: 'workflow' });
  await page.getByRole('radio', { name: 'My folder' }).check({ force: true });
  await page.getByRole('textbox', { name: 'My folder' }).fill(folder);
  await page.getByLabel('Beside the container').selectOption('none');
  await page.getByRole('button', { name: 'Run and trace' }).click();
}

const instruction = (on: Page) => on.getByRole('region', { name: 'Instructions' }).getByText('sleep');
const stop = (on: Page) => on.getByRole('button', { name: 'Stop' });
const again = (on: Page) => on.getByRole('button', { name: 'Run and trace' });

it('goes on over a reload with its progress, and is stopped from there', async () => {
  await follow(await folderThatTakes(300));
  await instruction(page).waitFor();
  await page.reload();
  await instruction(page).waitFor();
  expect(await again(page).count()).toBe(0);
  await stop(page).click();
  await again(page).waitFor();
  await page.getByText('Stopped.').first().waitFor();
});

it('is shown and ended on a second page too, also one that is opened meanwhile', async () => {
  await follow(await folderThatTakes(6));
  await instruction(page).waitFor();
  const { page: second } = await visit(page.context(), served.url);
  await showPage(second, { page: 'workflow' });
  await instruction(second).waitFor();
  expect(await again(second).count()).toBe(0);
  await again(second).waitFor();
  const way = second.getByRole('heading', { name: /Docker/ }).first();
  await way.waitFor();
  await second.reload();
  await way.waitFor();
});
