/** What can be done with the runs that are kept, in a browser. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepRun } from '../support/fakes/keptRun';
import { leftovers } from '../support/leaks';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

/** Newest last. */
const ids = ['20251123-231500-0001', '20251123-231500-0002', '20251123-231500-0003', '20251123-231500-0004'];
const [apps, first, second, newest] = ids as [string, string, string, string];

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({
    prepare: (own) => {
      keepRun(own, { id: apps });
      for (const [seed, id] of [first, second, newest].entries())
        keepRun(own, { id, preset: 'quick', seed: seed + 1 });
    },
  });
  ({ page, problems } = await served.visit());
  await showPage(page, { page: 'history' });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  expect(leftovers()).toEqual([]);
});

const rows = () => page.locator('tbody tr:has(input)');
/** The runs of the rows, from above. */
const shown = () =>
  rows()
    .getByRole('rowheader')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')!.split('/').at(-1)));
const sortBy = (name: string) =>
  page.getByRole('columnheader', { name }).getByRole('button', { name }).click();

it('sorts by a column, down and up', async () => {
  // three applications together have the smallest ratio of all
  await sortBy('Memory ×');
  expect((await shown()).at(-1)).toBe(apps);
  await sortBy('Memory ×');
  expect((await shown())[0]).toBe(apps);
  await sortBy('Memory ×');
  expect((await shown()).at(-1)).toBe(apps);
});

it('finds runs by what is remembered of them', async () => {
  const search = page.getByRole('searchbox', { name: /^Search names/ });
  await search.fill('three small');
  await expect.poll(shown).toEqual([apps]);
  await search.fill('no such run');
  await page.getByText('No run matches “no such run”.').waitFor();
  await search.fill('');
  await expect.poll(async () => (await shown()).length).toBe(ids.length);
});

it('keeps a pinned run above all others, also on a page that is opened later', async () => {
  await rows().filter({ hasText: 'Three small apps' }).getByRole('button', { name: /^Pin/ }).click();
  await expect.poll(async () => (await shown())[0]).toBe(apps);
  await page.reload();
  await expect.poll(async () => (await shown())[0]).toBe(apps);
  await page.getByRole('button', { name: /^Pin/, pressed: true }).click();
  await page.getByRole('button', { name: /^Pin/, pressed: true }).waitFor({ state: 'detached' });
});

it('names a run, gives the focus back, and finds it by its note', async () => {
  const row = rows().filter({ has: page.locator(`a[href$="${newest}"]`) });
  const edit = row.getByRole('button', { name: /^Name and note/ });
  await edit.click();
  await page.getByRole('textbox', { name: 'Name' }).fill('After <b>');
  await page.getByRole('textbox', { name: 'Note' }).fill('fan on');
  await page.getByRole('button', { name: 'Save' }).click();
  await row.getByRole('link', { name: 'After <b>' }).waitFor();
  await expect(edit.evaluate((button) => button === document.activeElement)).resolves.toBe(true);
  await page.getByRole('searchbox', { name: /^Search names/ }).fill('fan on');
  await expect.poll(shown).toEqual([newest]);
  await page.getByRole('searchbox', { name: /^Search names/ }).fill('');
});

it('draws how the runs of one plan went on, each run a point of the line', async () => {
  const line = rows().filter({ hasText: 'Quick comparison' }).getByRole('img').first();
  await expect(line.getAttribute('aria-label')).resolves.toMatch(/^3 runs of the same: /);
  const overTime = page.getByRole('region', { name: 'Over time' });
  await overTime.getByText('No step in 3 runs.').waitFor();
  await expect(overTime.locator('svg[role="img"] circle').count()).resolves.toBe(3);
});

it('leads to the comparison of two that are ticked', async () => {
  for (const id of [first, second])
    await page
      .getByRole('row')
      .filter({ has: page.locator(`a[href$="${id}"]`) })
      .getByRole('checkbox')
      .check();
  await page.getByRole('link', { name: 'Compare 2 runs' }).click();
  await page.getByRole('heading', { name: 'Comparison of runs' }).waitFor();
  expect(page.url()).toContain(`#/comparison/${first}/${second}`);
});

it('gives a deleted run back', async () => {
  await showPage(page, { page: 'history' });
  await rows()
    .filter({ has: page.locator(`a[href$="${apps}"]`) })
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect.poll(shown).not.toContain(apps);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(shown).toContain(apps);
});

it('runs a kept plan again, and more rounds of it until it is sure', async () => {
  const planOf = () => {
    const id = page.url().split('/').at(-1)!;
    const file = path.join(served.own.dataFolder, 'runs', id, 'run.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { plan: { name: string; trials: number } }).plan;
  };
  const stop = async () => {
    await page.getByRole('heading', { name: 'Running: Quick comparison' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('link', { name: 'Open the report' }).waitFor();
  };
  const again = rows()
    .filter({ has: page.locator(`a[href$="${first}"]`) })
    .getByRole('button', { name: /^Run .* again$/ });
  await again.click();
  await stop();
  const kept = planOf();
  expect(kept.name).toBe('quick');
  await showPage(page, { page: 'report', run: first });
  const surer = page.getByRole('button', { name: /^Make it surer: run again with \d+ rounds/ });
  const rounds = Number(/\d+/.exec(await surer.innerText())![0]);
  await surer.click();
  await stop();
  expect(planOf().trials).toBe(rounds);
  expect(rounds).toBeGreaterThan(kept.trials);
  expect(problems).toEqual([]);
});
