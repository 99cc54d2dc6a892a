/**
 * Photographs every page, in both languages and both themes, from real runs: `npm run screenshots -- [--data FOLDER] [--out FOLDER]
 * [--pages history,settings] [--size 1280x800]`. Without a data folder it makes one run of its own first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { locales, type Locale } from '../../main/contract/calls';
import type { RunSummary } from '../../main/contract/run';
import { addressOf, type Route } from '../../renderer/state/route';
import { sections } from '../../renderer/state/sections';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/main/cli.cjs');
const themes = ['light', 'dark'] as const;

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

/** The program's output, once it has ended well. */
async function tare(words: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [cli, ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`tare ${words.join(' ')} ended with ${code}`);
  return text;
}

/** The pages of the side bar, and those that need runs to be shown. */
function routesOf(runs: RunSummary[]): Route[] {
  const done = runs.filter(({ state }) => state === 'done');
  const newest = (name: string) => done.find((run) => run.name === name);
  const shown = newest('three-apps') ?? done[0];
  const [after, before] = done.filter(({ name }) => name === (newest('quick') ?? done[0])?.name);
  return [
    ...sections.flatMap(({ pages }) => pages.map(({ page }): Route => ({ page }))),
    ...(shown ? [{ page: 'report' as const, run: shown.id }] : []),
    ...(before && after ? [{ page: 'comparison' as const, runs: [before.id, after.id] }] : []),
  ];
}

/** Shows a page and waits until nothing on it is still coming. */
async function show(page: Page, route: Route): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), addressOf(route));
  await page.locator('main h1').first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 60_000 });
  await page.waitForLoadState('networkidle').catch(() => undefined); // the events' stream never ends
  await page.mouse.move(640, 1);
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 600))));
}

async function photograph(url: string, routes: Route[], out: string): Promise<void> {
  const [width = 1280, height = 800] = given.size.split('x').map(Number);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const takeAll = async (locale: Locale, theme: (typeof themes)[number]) => {
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: Number(given.scale),
      locale,
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(url);
    for (const route of routes) {
      await show(page, route);
      const file = path.join(out, `${route.page}-${locale}-${theme}.png`);
      if (given.whole) await page.setViewportSize({ width, height: await heightOf(page) });
      await page.screenshot({ path: file });
      if (given.whole) await page.setViewportSize({ width, height });
      console.log(file);
    }
    await context.close();
  };
  try {
    for (const locale of locales) for (const theme of themes) await takeAll(locale, theme);
  } finally {
    await browser.close();
  }
}

const heightOf = (page: Page): Promise<number> =>
  page.locator('#main').evaluate((main) => Math.min(main.scrollHeight + 40, 6000));

async function main(): Promise<void> {
  const own = given.data === undefined ? mkdtempSync(path.join(os.tmpdir(), 'tare-screenshots-')) : undefined;
  const environment = { ...process.env, ...(own && { XDG_DATA_HOME: own }) };
  const folder = given.data === undefined ? [] : ['--data-folder', path.resolve(given.data)];
  mkdirSync(given.out, { recursive: true });
  try {
    // two runs, so that there is something to compare
    if (own) for (const seed of ['1', '2']) await tare(['run', 'quick', '--seed', seed], environment);
    const runs = JSON.parse(await tare(['list', '--json', ...folder], environment)) as RunSummary[];
    const wanted = given.pages?.split(',');
    const routes = routesOf(runs).filter(({ page }) => !wanted || wanted.includes(page));
    const server = spawn(process.execPath, [cli, 'serve', '--port', '0', ...folder], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(server, 'close');
    try {
      const [line] = (await once(server.stdout, 'data')) as [Buffer];
      await photograph(/http:\S+/.exec(line.toString())![0], routes, given.out);
    } finally {
      server.kill('SIGINT');
      await ended;
    }
  } finally {
    if (own) rmSync(own, { recursive: true, force: true });
  }
}

await main();
