/** What a report says first, and what can be done with it, in a browser; the record is one that was kept. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepRun } from '../support/fakes/keptRun';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

const apps = '20251123-231500-0001';
const before = '20251123-231500-0003';
const after = '20251123-231500-0004';
const single = '20251123-231500-0005';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({
    prepare: (own) => {
      keepRun(own, { id: apps });
      keepRun(own, { id: before, preset: 'quick' });
      keepRun(own, { id: after, preset: 'quick', seed: 2 });
      keepRun(own, { id: single, preset: 'quick', plan: { trials: 1 } });
    },
  });
  ({ page, problems } = await served.visit({ permissions: ['clipboard-read', 'clipboard-write'] }));
});
afterAll(() => served[Symbol.asyncDispose]());

it('holds sentence, picture and how sure both are on the first screen, and can be overlooked', async () => {
  await showPage(page, { page: 'report', run: apps });
  const answer = page.getByRole('region', { name: 'The answer' });
  await answer.getByText('How sure?').waitFor();
  const { y, height } = (await answer.boundingBox())!;
  expect(y + height).toBeLessThanOrEqual(800);
  const main = page.locator('#main');
  expect(await main.evaluate(({ scrollHeight }) => scrollHeight)).toBeLessThanOrEqual(3000);
  const told = (await main.innerText()).match(/emulated/gi) ?? [];
  expect(told.length).toBeLessThanOrEqual(3);
});

it('leads to its parts, and unfolds the one that is asked for', async () => {
  await page
    .getByRole('navigation', { name: 'On this page' })
    .getByRole('button', { name: 'Method' })
    .click();
  await page.getByRole('heading', { name: 'Conditions' }).waitFor();
  expect(page.url()).toContain(`#/report/${apps}`);
});

it('sorts its tables by any column, by the keyboard too', async () => {
  const table = page.getByRole('region', { name: 'Application by application' });
  const title = table.getByRole('columnheader').nth(1);
  const names = () => table.locator('tbody tr td:first-child').allInnerTexts();
  const first = await names();
  await title.getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  expect(await title.getAttribute('aria-sort')).toBe('ascending');
  const rising = await names();
  await page.keyboard.press('Enter');
  expect(await title.getAttribute('aria-sort')).toBe('descending');
  expect(await names()).toEqual(rising.toReversed());
  await page.keyboard.press('Enter');
  expect(await title.getAttribute('aria-sort')).toBeNull();
  expect(await names()).toEqual(first);
});

it('is copied as text that says on what it was measured', async () => {
  await page.getByRole('button', { name: 'Copy summary' }).click();
  await page.getByText('The summary is on the clipboard.').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^Tare .*: A VM needs .* × the memory of a container/);
  expect(text).toContain(apps);
});

it('is shared as a picture of its answer, which is copied or saved', async () => {
  const share = page.getByRole('button', { name: 'Share picture' });
  await share.click();
  await page.getByRole('menuitem', { name: 'Copy the picture' }).click();
  await page.getByText('The picture is on the clipboard.').waitFor();
  const size = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const { width, height } = await createImageBitmap(await item!.getType('image/png'));
    return { width, height };
  });
  await share.click();
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save the picture' }).click();
  const file = readFileSync(await (await saved).path());
  // width and height stand in the header of a PNG
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([size.width, size.height]);
  expect(size.width / size.height).toBeCloseTo(1200 / 630, 2);
});

it('of another number of trials is not called the same plan by the comparison', async () => {
  await showPage(page, { page: 'comparison', runs: [before, single] });
  await page
    .getByText('Machine and engine were the same for both runs; one counts 6 trials, the other 2.')
    .waitFor();
  await showPage(page, { page: 'comparison', runs: [before, after] });
  await page.getByText('Machine, engine and plan were the same for both runs.').waitFor();
});

it('leads to the comparison with the run before of the same plan', async () => {
  await showPage(page, { page: 'report', run: after });
  await page.getByRole('link', { name: 'Compare with previous' }).click();
  await page.getByRole('heading', { name: 'Comparison of runs' }).waitFor();
  expect(page.url()).toContain(`#/comparison/${before}/${after}`);
  await showPage(page, { page: 'report', run: before });
  await page.getByRole('button', { name: 'Copy summary' }).waitFor();
  await expect(page.getByRole('link', { name: 'Compare with previous' }).count()).resolves.toBe(0);
});

it('takes a name and a note, which stay beside the record', async () => {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Name and note' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Before the update');
  await page.getByRole('textbox', { name: 'Note' }).fill('fan on,\nlid <open>');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Before the update' }).waitFor();
  await page.getByText('lid <open>').waitFor();
  const label = path.join(served.own.dataFolder, 'runs', before, 'label.json');
  expect(JSON.parse(readFileSync(label, 'utf8'))).toEqual({
    name: 'Before the update',
    note: 'fan on,\nlid <open>',
  });
});

it.each(['nope', '20200101-000000-abcd'])(
  'says that there is no run %s, and leads to those there are',
  async (id) => {
    await page.evaluate((run) => (location.hash = `#/report/${run}`), id);
    await page.getByRole('heading', { name: 'There is no such run here' }).waitFor();
    await page.getByRole('link', { name: 'Go to History' }).click();
    await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
  },
);

it('says of an address that leads nowhere that there is no such page', async () => {
  await page.evaluate(() => (location.hash = '#/nonsense'));
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.evaluate(() => (location.hash = '#/history'));
  expect(problems).toEqual([]);
});
