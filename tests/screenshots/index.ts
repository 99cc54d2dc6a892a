/**
 * Photographs every page, in both languages and both themes, from real runs: `npm run screenshots -- [--data FOLDER] [--out FOLDER]
 * [--pages history,settings] [--size 1280x800]`. Without a data folder it makes two runs of its own first. Workflow and isolation are
 * asked for by the page's own buttons; a run under way is one of its own, in a folder of its own. The article's page shows the newest
 * run of `claims` that the data folder holds: making one takes minutes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { locales, type Locale } from '../../main/contract/appearance';
import { message } from '../../main/contract/messages';
import { sections } from '../../main/contract/pages';
import type { RunSummary } from '../../main/contract/run/run';
import type { Route } from '../../renderer/state/route';
import { openBrowser } from '../support/window/browser';
import { askForResults, dropFile, setLook, showPage, themes } from '../support/window/pages';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/main/cli.cjs');

const { values: given } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: path.join(root, 'dist/screenshots') },
    pages: { type: 'string' },
    size: { type: 'string', default: '1280x800' },
    scale: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
  },
});
const [width = 1280, height = 800] = given.size.split('x').map(Number);
const asked = given.pages?.split(',');
const isWanted = (name: string): boolean => !asked || asked.includes(name);

/** The program's output, once it has ended well. */
async function tare(words: string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`tare ${words.join(' ')} ended with ${code}`);
  return text;
}

/** Opens the page on a data folder, in English, for as long as `work` takes. */
async function withPage(browser: Browser, data: string, work: (page: Page) => Promise<void>): Promise<void> {
  const words = [cli, 'serve', '--port', '0', '--data-folder', data];
  const server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'close');
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: Number(given.scale),
    locale: 'en-US',
  });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const page = await context.newPage();
    await page.goto(/http:\S+/.exec(line.toString())![0]);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await work(page);
  } finally {
    await context.close();
    server.kill('SIGINT');
    await ended;
  }
}

/** A page as it is to be photographed, under the name of its files. */
interface Sight {
  name: string;
  route: Route;
  /** goes on from the page as it is when it is opened */
  prepare?: (page: Page, locale: Locale) => Promise<void>;
}

/** Those of one computer. */
const ended = (runs: RunSummary[]): RunSummary[] =>
  runs.filter(({ state, hosts }) => state === 'done' && hosts === undefined);

/** The pages of the side bar, and those that need runs to be shown. */
function sightsOf(runs: RunSummary[]): Sight[] {
  const done = ended(runs);
  const [newestHosts, olderHosts] = runs.filter(({ hosts }) => hosts !== undefined);
  const newest = (name: string) => done.find((run) => run.name === name);
  const shown = newest('three-apps') ?? done[0];
  const [after, before] = done.filter(({ name }) => name === (newest('quick') ?? done[0])?.name);
  const routes: Route[] = [
    ...sections.flatMap(({ pages }) => pages.map((page): Route => ({ page }))),
    ...(shown ? [{ page: 'report' as const, run: shown.id }, { page: 'opened' as const }] : []),
    ...(before && after ? [{ page: 'comparison' as const, runs: [before.id, after.id] }] : []),
  ];
  const sights = routes.map((route): Sight => ({ name: route.page, route }));
  if (newestHosts) sights.push({ name: 'report-hosts', route: { page: 'report', run: newestHosts.id } });
  if (newestHosts && olderHosts)
    sights.push({
      name: 'comparison-hosts',
      route: { page: 'comparison', runs: [olderHosts.id, newestHosts.id] },
    });
  sights.push({ name: 'compare-own', route: { page: 'compare' }, prepare: composeOwn });
  sights.push({ name: 'compare-disk', route: { page: 'compare' }, prepare: composeDisk });
  if (shown) sights.push({ name: 'formats', route: { page: 'report', run: shown.id }, prepare: openFormats });
  return sights.filter(({ name }) => isWanted(name));
}

/** The form for a comparison of one's own, with the images that are here. */
async function composeOwn(page: Page, locale: Locale): Promise<void> {
  await page.getByText(message(locale, 'ui.compare.own'), { exact: true }).click();
}

/** The same for a disk of one's own. */
async function composeDisk(page: Page, locale: Locale): Promise<void> {
  await composeOwn(page, locale);
  const sources = page.getByRole('radiogroup', { name: message(locale, 'ui.form.source') });
  await sources.getByText(message(locale, 'ui.form.source.disk')).click();
}

async function openFormats(page: Page, locale: Locale): Promise<void> {
  await page.getByRole('button', { name: message(locale, 'ui.export.run'), exact: true }).click();
}

async function photograph(page: Page, { name, route, prepare }: Sight, theme: string, locale: Locale) {
  await showPage(page, route, locale);
  await prepare?.(page, locale);
  await page.mouse.move(640, 1);
  // what moves has come to rest: clocks and events never do
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 600))));
  const file = path.join(given.out, `${name}-${locale}-${theme}.png`);
  if (given.whole) await page.setViewportSize({ width, height: await heightOf(page) });
  await page.screenshot({ path: file });
  if (given.whole) await page.setViewportSize({ width, height });
  console.log(file);
}

async function photographAll(page: Page, sights: Sight[]): Promise<void> {
  for (const locale of locales)
    for (const theme of themes) {
      await setLook(page, theme, locale);
      for (const sight of sights) await photograph(page, sight, theme, locale);
    }
}

/** A run under way: its page is photographed once an instance of each kind has been up. */
async function photographLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Measure now' }).click();
  await page.getByRole('heading', { name: 'Running: Quick comparison' }).waitFor({ timeout: 120_000 });
  await page
    .locator('section.lanes:last-of-type')
    .getByText('ready after')
    .first()
    .waitFor({ timeout: 120_000 });
  const run = page.url().split('/').at(-1)!;
  await photographAll(page, [{ name: 'live', route: { page: 'live', run } }]);
  await setLook(page, 'light', 'en');
  const stop = page.getByRole('button', { name: 'Stop' });
  if (await stop.isVisible()) await stop.click();
}

const heightOf = (page: Page): Promise<number> =>
  page.locator('#main').evaluate((main) => Math.min(main.scrollHeight + 40, 6000));

async function main(): Promise<void> {
  const own = mkdtempSync(path.join(os.tmpdir(), 'tare-screenshots-'));
  const data = given.data === undefined ? path.join(own, 'data') : path.resolve(given.data);
  mkdirSync(given.out, { recursive: true });
  const browser = await openBrowser();
  try {
    // two runs, so that there is something to compare
    if (given.data === undefined)
      for (const seed of ['1', '2']) await tare(['run', 'quick', '--seed', seed, '--data-folder', data]);
    const runs = JSON.parse(await tare(['list', '--json', '--data-folder', data])) as RunSummary[];
    const sights = sightsOf(runs);
    await withPage(browser, data, async (page) => {
      if (sights.some(({ name }) => name === 'workflow' || name === 'isolation')) await askForResults(page);
      const shown = sights.find(({ name }) => name === 'opened') && ended(runs)[0];
      if (shown)
        await dropFile(page, 'run.json', readFileSync(path.join(data, 'runs', shown.id, 'run.json'), 'utf8'));
      await photographAll(page, sights);
    });
    if (isWanted('live')) await withPage(browser, path.join(own, 'live'), photographLive);
  } finally {
    await browser.close();
    rmSync(own, { recursive: true, force: true });
  }
}

await main();
