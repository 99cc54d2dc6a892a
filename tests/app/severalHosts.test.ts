/** A run on several hosts on the page: in the history, as a report, and each host's own. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say } from '../../main/contract/messages';
import { unbroken } from '../../main/contract/quantities';
import { reportedFleet } from '../../main/engine/report/hosts/reported';
import { fleetOf, lostHost, okHost, runOnHost } from '../support/fakes/hostRuns';
import { keepFleet, keepRun } from '../support/fakes/keptRun';
import { leftovers } from '../support/leaks';
import { showPage } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

const four = reportedFleet(
  fleetOf(
    [...[1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed))), lostHost('bench-4')],
    '20251124-231500-0001',
  ),
);
const many = reportedFleet(
  fleetOf(
    Array.from({ length: 200 }, (_, at) => okHost(`node-${at}`, runOnHost(at))),
    '20251125-231500-0001',
  ),
);

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({
    prepare(own) {
      keepRun(own);
      for (const fleet of [four, many]) keepFleet(own, fleet);
    },
  });
  ({ page, problems } = await served.visit());
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  expect(problems).toEqual([]);
  expect(leftovers()).toEqual([]);
});

const row = (id: string) => page.locator(`tr:has(a[href$="${id}"])`);

it('stands in the history with from how many hosts it has results, and leads to its report', async () => {
  await showPage(page, { page: 'history' });
  expect(await row(four.id).textContent()).toContain('results from 3 of 4 hosts');
  await row(four.id).getByRole('link').click();
  await page
    .getByRole('region', { name: 'The answer' })
    .getByText(unbroken(say('en', four.report.text)))
    .waitFor();
});

describe('its report', () => {
  it('leads to the report of each host, which says of which', async () => {
    await showPage(page, { page: 'report', run: four.id });
    await page.getByRole('button', { name: 'bench-2' }).click();
    await page.getByText('measured on bench-2, read only').waitFor();
    expect(await page.getByRole('region', { name: 'The answer' }).count()).toBe(1);
  });

  it('is exported as a page with the same sentence', async () => {
    await showPage(page, { page: 'report', run: four.id });
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Web page (one HTML file)' }).click();
    const file = readFileSync(await (await coming).path(), 'utf8');
    expect(file.replace(/\u00a0/g, ' ')).toContain(say('en', four.report.text));
  });

  it('of two hundred hosts has as many rows as can be overlooked, the others when asked for, and finds one by its name', async () => {
    await showPage(page, { page: 'report', run: many.id });
    const hosts = page.getByRole('region', { name: 'Host by host' }).locator('tbody tr');
    await hosts.first().waitFor();
    expect(await hosts.count()).toBe(50);
    await page.getByRole('button', { name: 'Show 150 more hosts' }).click();
    expect(await hosts.count()).toBe(100);
    await page.getByLabel('Find a host').fill('node-17');
    await expect.poll(() => hosts.count()).toBe(11);
  });
});

it('is deleted, and brought back', async () => {
  await showPage(page, { page: 'history' });
  await row(four.id)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect.poll(() => row(four.id).count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => row(four.id).count()).toBe(1);
});
