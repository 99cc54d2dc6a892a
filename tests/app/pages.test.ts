/** Every page there is, with results on it: in both themes and languages, and at twice the size with the keyboard alone. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { locales, type Locale } from '../../main/contract/appearance';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import type { Route } from '../../renderer/state/route';
import { accessibilityProblems } from '../support/window/axe';
import { newReader, visit } from '../support/window/browser';
import { keepRun, keepRunUnderWay } from '../support/fakes/keptRun';
import { outOfSight } from '../support/window/outOfSight';
import { serveToBrowser, type ServedToBrowser } from '../support/window/served';
import { askForResults, dropFile, everyAddress, setLook, showPage, themes } from '../support/window/pages';

let served: ServedToBrowser;
let otherTare: Ledger;
let endOther: () => void;
/** the page itself, and one that was opened while a run of another Tare was under way */
let page: Page;
let watching: Page;
const problems: string[][] = [];

const reported = '20251123-231500-0001';
const claims = '20251123-231500-0002';
const before = '20251123-231500-0003';
const after = '20251123-231500-0004';
const underWay = '20251123-231500-0005';

const routes = everyAddress({ report: reported, comparison: [before, after], live: underWay });
const everyPage = (Object.values(routes) as Route[]).map((route) => ({
  route,
  on: () => (route.page === 'live' ? watching : page),
}));

/** What a person came to each page for. */
const mainActions: Record<Route['page'], (main: Locator) => Locator> = {
  compare: (main) => main.getByRole('button', { name: 'Measure now' }),
  history: (main) => main.getByRole('row', { name: 'Three small apps' }).getByRole('link').first(),
  claims: (main) => main.getByRole('button', { name: 'Test again' }),
  workflow: (main) => main.getByRole('button', { name: 'Run and trace' }),
  isolation: (main) => main.getByRole('button', { name: 'Inspect' }),
  glossary: (main) => main.getByRole('searchbox', { name: 'Search' }),
  images: (main) => main.getByRole('textbox', { name: 'Pull an image' }),
  environment: (main) => main.getByRole('button', { name: 'Check again' }),
  settings: (main) => main.getByRole('radio', { name: 'English' }),
  opened: (main) => main.getByRole('button', { name: 'Export', exact: true }),
  report: (main) => main.getByRole('button', { name: 'Export', exact: true }),
  comparison: (main) => main.getByRole('button', { name: 'Swap' }),
  // a run of another Tare cannot be stopped here, but its starts can be read
  live: (main) => main.getByRole('group').first(),
  about: (main) => main.locator('summary').first(),
  missing: (main) => main.getByRole('link', { name: 'Compare' }),
};

const isLive = ({ route }: { route: Route }) => route.page === 'live';

/** Ends the other Tare's run, and waits until the page has seen it. */
async function endOtherRun(): Promise<void> {
  endOther();
  await showPage(page, { page: 'compare' });
  await page.locator('#main').getByRole('button', { name: 'Measure now', disabled: false }).waitFor();
  await showPage(page, { page: 'settings' });
}

const setLookOfAll = async (theme: (typeof themes)[number], locale: Locale) => {
  for (const each of [page, watching]) await setLook(each, theme, locale);
};

beforeAll(async () => {
  served = await serveToBrowser({
    prepare: (own) => {
      keepRun(own, { id: reported });
      keepRun(own, { id: claims, preset: 'claims' });
      keepRun(own, { id: before, preset: 'quick' });
      keepRun(own, { id: after, preset: 'quick', seed: 2 });
    },
  });
  const { own } = served;
  const reader = await newReader(served.browser);
  const open = async () => {
    const opened = await visit(reader, served.url);
    problems.push(opened.problems);
    await opened.page.getByRole('button', { name: 'Run: Three small apps' }).waitFor();
    return opened.page;
  };
  page = await open();
  await dropFile(
    page,
    'run.json',
    readFileSync(path.join(own.dataFolder, 'runs', reported, 'run.json'), 'utf8'),
  );
  await page.getByText('opened from a file, read only').waitFor();
  otherTare = openLedger(path.join(own.dataFolder, 'ledger'));
  endOther = keepRunUnderWay(own, otherTare, { id: underWay });
  watching = await open();
  await watching.getByRole('link', { name: 'Running' }).waitFor();
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  otherTare.close();
});
afterEach(() => expect(problems.flat()).toEqual([]));

it('follows an image and looks at the isolation when asked to, and has the results when one comes back', async () => {
  await askForResults(page);
  await showPage(page, { page: 'workflow' });
  await page.getByText('gave the same bytes').waitFor();
  await showPage(page, { page: 'isolation' });
  await page.locator('#main').getByRole('table').waitFor();
});

it('is accessible on every page, in both themes and languages', async () => {
  const found: string[] = [];
  for (const theme of themes)
    for (const locale of locales) {
      await setLookOfAll(theme, locale);
      for (const { route, on } of everyPage) {
        await showPage(on(), route, locale);
        const wrong = await accessibilityProblems(on());
        found.push(...wrong.map((problem) => `${route.page}, ${theme}, ${locale}: ${problem}`));
      }
    }
  await setLookOfAll('light', 'en');
  expect(found).toEqual([]);
});

it('stays whole and accessible at 200 % zoom on every page: nothing is wider than the window or cut off', async () => {
  const found: string[] = [];
  for (const each of [page, watching]) await each.setViewportSize({ width: 640, height: 400 });
  const looks = [
    ['light', 'en'],
    ['dark', 'zh-CN'],
  ] as const;
  for (const [theme, locale] of looks) {
    await setLookOfAll(theme, locale);
    for (const { route, on } of everyPage) {
      await showPage(on(), route, locale);
      const wrong = [...(await outOfSight(on())), ...(await accessibilityProblems(on()))];
      found.push(...wrong.map((what) => `${route.page}, ${theme}, ${locale}: ${what}`));
    }
  }
  await setLookOfAll('light', 'en');
  expect(found).toEqual([]);
});

it('leads to the main action of every page with the keyboard alone, also at 200 % zoom', async () => {
  const [live, others] = [everyPage.filter(isLive), everyPage.filter((one) => !isLive(one))];
  for (const { route, on } of [...live, ...others]) {
    // coming from another page, the keyboard begins at the heading
    if (on() === watching) await showPage(watching, { page: 'settings' });
    // nothing can be measured as long as another Tare does
    if (route.page === 'compare') await endOtherRun();
    await showPage(on(), route);
    const action = mainActions[route.page](on().locator('#main'));
    await action.waitFor();
    const isFocused = () => action.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 40 && !(await isFocused()); presses += 1)
      await on().keyboard.press('Tab');
    expect(await isFocused(), route.page).toBe(true);
    const isSeen = await action.evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      // a radio button is seen as the label around it
      return (element.closest('label') ?? element).contains(there);
    });
    expect(isSeen, route.page).toBe(true);
  }
  for (const each of [page, watching]) await each.setViewportSize({ width: 1280, height: 800 });
});
