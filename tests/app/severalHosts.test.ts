/** A run on several hosts on the page: in the history, as a report, and each host's own. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locales } from '../../main/contract/appearance';
import { say } from '../../main/contract/messages';
import { unbroken } from '../../main/contract/quantities';
import { compareFleets } from '../../main/engine/results/report/hosts/change';
import { reportedFleet } from '../../main/engine/results/report/hosts/reported';
import type { Route } from '../../renderer/state/route';
import { fleetOf, lostHost, okHost, runOnHost } from '../support/fakes/hostRuns';
import { keepFleet, keepRun } from '../support/fakes/keptRun';
import { leftovers } from '../support/leaks';
import { accessibilityProblems } from '../support/window/axe';
import { dropFile, setLook, showPage, themes } from '../support/window/pages';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';

const four = reportedFleet(
  fleetOf(
    [...[1, 2, 3].map((seed) => okHost(`bench-${seed}`, runOnHost(seed))), lostHost('bench-4')],
    '20251124-231500-0001',
  ),
);
/** the same plan, later */
const later = reportedFleet(
  fleetOf(
    [4, 5, 6].map((seed) => okHost(`bench-${seed - 3}`, runOnHost(seed))),
    '20251124-234500-0002',
  ),
);
const many = reportedFleet(
  fleetOf(
    Array.from({ length: 200 }, (_, at) => okHost(`node-${at}`, runOnHost(at))),
    '20251125-231500-0001',
  ),
);

/** of one computer, in the history */
let alone: string;
let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser({
    prepare(own) {
      alone = keepRun(own).id;
      for (const fleet of [four, later, many]) keepFleet(own, fleet);
    },
  });
  ({ page, problems } = await served.visit());
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  expect(problems).toEqual([]);
  expect(leftovers()).toEqual([]);
});

const answer = () => page.getByRole('region', { name: 'The answer' });
const row = (id: string) => page.locator(`tr:has(a[href$="${id}"])`);

it('stands in the history with from how many hosts it has results, and leads to its report', async () => {
  await showPage(page, { page: 'history' });
  expect(await row(four.id).textContent()).toContain('results from 3 of 4 hosts');
  await row(four.id).getByRole('link').click();
  await answer()
    .getByText(unbroken(say('en', four.report.text)))
    .waitFor();
});

describe('its report', () => {
  it('leads to the report of each host, which says of which', async () => {
    await showPage(page, { page: 'report', run: four.id });
    await page.getByRole('button', { name: 'bench-2' }).click();
    await page.getByText('measured on bench-2, read only').waitFor();
    expect(await answer().count()).toBe(1);
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

it('is asked for again of the hosts that it was measured on, and says which of them nobody keeps', async () => {
  await showPage(page, { page: 'report', run: four.id });
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('alert').getByText('bench-1').waitFor();
});

describe('from a file', () => {
  it('is shown as its report, from which those of its hosts can be looked at, and there is a way back', async () => {
    await dropFile(page, 'fleet.json', JSON.stringify(later));
    await page.getByText('opened from a file, read only').waitFor();
    await page.getByRole('button', { name: 'bench-3' }).click();
    await page.getByText('measured on bench-3, read only').waitFor();
    expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'All hosts' }).click();
    await answer()
      .getByText(unbroken(say('en', later.report.text)))
      .waitFor();
  });

  it('is exported with the same sentence', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Markdown' }).first().click();
    const file = readFileSync(await (await coming).path(), 'utf8');
    expect(file.replace(/\u00a0/g, ' ')).toContain(say('en', later.report.text));
  });

  it('is refused in words where it is none, and the page shows what it showed', async () => {
    await dropFile(
      page,
      'fleet.json',
      JSON.stringify({ ...later, hosts: [{ name: '../x', outcome: 'ok' }] }),
    );
    await page.getByText('fleet.json cannot be read').first().waitFor();
    await answer()
      .getByText(unbroken(say('en', later.report.text)))
      .waitFor();
  });
});

describe('two of them', () => {
  const choose = async (...ids: string[]) => {
    await showPage(page, { page: 'history' });
    for (const id of ids) await row(id).getByRole('checkbox').check();
    await page.getByRole('link', { name: 'Compare 2 runs' }).click();
  };

  it('are held against each other host by host, by the words of the command line', async () => {
    await choose(later.id, four.id);
    const { verdicts } = compareFleets(four, later);
    for (const { text } of verdicts.slice(0, 2)) await page.getByText(say('en', text)).first().waitFor();
    await page.getByRole('region', { name: 'All hosts together' }).first().waitFor();
    expect(await page.locator('#main').innerText()).toContain('bench-3');
    const figure = page
      .getByRole('figure')
      .filter({ has: page.getByRole('heading', { name: 'Time to ready' }) });
    await figure.getByText('As a table').click();
    await figure.getByRole('rowheader', { name: 'web · container' }).waitFor();
    const said = await page.locator('.sides').innerText();
    expect(said).toContain('3 hosts');
  });

  it('are not held against what one computer measured', async () => {
    await choose(alone, four.id);
    await page.getByRole('alert').getByText('have nothing in common').waitFor();
  });
});

it('is accessible, as a report and as a comparison, in both themes and languages', async () => {
  const routes: Route[] = [
    { page: 'report', run: four.id },
    { page: 'comparison', runs: [four.id, later.id] },
  ];
  for (const theme of themes)
    for (const locale of locales) {
      await setLook(page, theme, locale);
      for (const route of routes) {
        await showPage(page, route, locale);
        expect(await accessibilityProblems(page), `${route.page} ${theme} ${locale}`).toEqual([]);
      }
    }
  await setLook(page, 'light', 'en');
});

it('is begun on the nodes of a swarm where there is one, with the constraints that were typed', async () => {
  const asked: unknown[] = [];
  // a swarm of this computer's own engine would be everybody's: this alone is made up, and what begins is refused by the real engine
  await page.route('**/call/swarmNodes', async (route) => {
    asked.push((route.request().postDataJSON() as { input: unknown }).input);
    const value = [
      { name: 'node-1' },
      { name: 'node-2', failure: { code: 'node-left-out', reason: 'node-drained', what: 'node-2' } },
    ];
    await route.fulfill({ json: { ok: true, value } });
  });
  await page.reload();
  await showPage(page, { page: 'compare' });
  await page.getByRole('checkbox', { name: 'Docker Swarm, 2 nodes' }).check();
  expect(await page.getByRole('checkbox', { name: 'This computer' }).isDisabled()).toBe(true);
  await page.getByText('Which nodes, and how many at once').click();
  await page.getByRole('textbox', { name: 'Constraints' }).fill('node.labels.kind==bench');
  await page.getByRole('textbox', { name: 'At once' }).fill('1');
  await page.getByRole('textbox', { name: 'At once' }).press('Enter');
  await page.getByText('--max-concurrent 1').waitFor();
  await expect.poll(() => asked.at(-1)).toEqual({ constraints: ['node.labels.kind==bench'] });
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Measure now' }).click();
  await page.waitForURL(/#\/live\//);
  await page.getByRole('alert').getByText('manages no swarm').waitFor();
  await page.unroute('**/call/swarmNodes');
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
