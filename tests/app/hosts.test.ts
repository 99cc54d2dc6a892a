/** Other computers on the page: added, chosen, watched side by side, and stopped; what runs on them is a real agent each. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { leftovers } from '../support/leaks';
import { accessibilityProblems } from '../support/window/axe';
import { withHosts } from '../support/window/hosts';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({ prepare: withHosts });
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

const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });

async function addHost(address: string): Promise<void> {
  await field('Address').fill(address);
  await page.getByRole('button', { name: 'Add and check' }).click();
}

it('are added by their address, and tell what works there or why nobody can tell', async () => {
  await showPage(page, { page: 'environment' });
  await page.getByText('A plan can be run on several computers at once').waitFor();
  await addHost('ssh://me:secret@bench1');
  await page.getByText('This is not an address').waitFor();
  expect(await field('Address').evaluate((element) => element === document.activeElement)).toBe(true);

  await addHost('me@bench1');
  await row('bench1').getByText('Reached, Tare').waitFor();
  expect(await row('bench1').getByText('Docker').first().isVisible()).toBe(true);
  await addHost('nowhere');
  await row('nowhere').getByText('its name leads to no address').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole('button', { name: 'Remove: nowhere' }).click();
  await row('nowhere').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await row('nowhere').waitFor();
});

/** A container of the small web page, and nothing else, so often. */
async function fillPlan(trials: string): Promise<void> {
  await showPage(page, { page: 'compare' });
  await page.getByRole('radio', { name: 'Custom' }).check({ force: true });
  const targets = page.getByRole('group', { name: 'Ways to run it' });
  for (const box of await targets.getByRole('checkbox').all()) await box.setChecked(false);
  await targets
    .locator('label', { has: page.locator('#target-container') })
    .getByRole('checkbox')
    .check();
  await field('Rounds').fill(trials);
  await field('Warm-ups').fill('0');
}

const card = (name: string) =>
  page.getByRole('list', { name: 'Run on' }).locator('> li').filter({ hasText: name });

it('run a plan side by side with this computer: one that is not reached is its reason, and the others end in a report', async () => {
  await fillPlan('1');
  const choice = page.getByRole('group', { name: 'Run on' });
  for (const name of ['bench1', 'nowhere']) await choice.getByRole('checkbox', { name }).check();
  await page.getByText('--host local --host ssh://me@bench1 --host ssh://nowhere').waitFor();
  await page.getByText('For this computer; others may take longer').waitFor();
  await page.getByRole('button', { name: 'Run the comparison' }).click();

  await page.waitForURL(/#\/live\//);
  await card('nowhere').getByText('its name leads to no address').waitFor();
  expect(await page.getByRole('list', { name: 'Run on' }).locator('> li').count()).toBe(3);
  await page.waitForURL(/#\/report\//);
  await page.locator('#main').getByText('bench1').first().waitFor();
});

it('are stopped together, and a page that is loaded meanwhile knows them', async () => {
  await showPage(page, { page: 'compare' });
  await page.getByRole('checkbox', { name: 'bench1' }).check();
  await fillPlan('60');
  await page.getByRole('button', { name: 'Run the comparison' }).click();
  await card('bench1').getByText('Round').waitFor();
  await page.reload();
  await card('bench1').getByText('Round').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await card('bench1').getByText('stopped').first().waitFor();
  await card('This computer').getByText('stopped').first().waitFor();
});
