import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElementHandle, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { home, root } from '../support/window/app';
import { newReader } from '../support/window/browser';
import { drawings } from '../support/window/drawings';
import { showPage } from '../support/window/pages';
import { printedAddress, serveToBrowser, type ServedToBrowser } from '../support/window/served';

let served: ServedToBrowser;
let page: Page;
let problems: string[];

beforeAll(async () => {
  served = await serveToBrowser();
  ({ page, problems } = await served.visit());
});
afterAll(() => served[Symbol.asyncDispose]());

it('takes the token out of the address and works on after a reload', async () => {
  expect(page.url()).not.toContain('token');
  await page.locator('article h2').first().waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Three small apps' }).waitFor();
});

it.runIf(process.platform === 'linux')(
  'comes in by the file that --open gives a browser, with no token in its words',
  async () => {
    using own = home();
    const programs = path.join(own.dataFolder, '../programs');
    mkdirSync(programs, { recursive: true });
    const said = path.join(programs, 'said');
    writeFileSync(path.join(programs, 'xdg-open'), `#!/bin/sh\nprintf %s "$*" > ${said}\n`, { mode: 0o755 });
    const other = spawn(
      process.execPath,
      [path.join(root, 'dist/main/cli.cjs'), 'serve', '--port', '0', '--open'],
      {
        env: { ...process.env, ...own.environment, PATH: `${programs}:${process.env.PATH}` },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const token = new URL(await printedAddress(other)).hash.slice('#token='.length);
    await expect.poll(() => readFileSync(said, 'utf8')).toMatch(/\.html$/);
    const file = readFileSync(said, 'utf8');
    expect(file).not.toContain(token);
    const context = await newReader(served.browser);
    const led = await context.newPage();
    await led.goto(pathToFileURL(file).href);
    await led.getByRole('heading', { name: 'Three small apps' }).waitFor();
    await context.close();
    const ended = once(other, 'exit');
    other.kill('SIGINT');
    await ended;
    expect(existsSync(path.dirname(file))).toBe(false);
  },
);

/** Something that moved by itself while a run was watched, as Chromium weighs it: the share of the window, times how far. */
interface Shift {
  startTime: number;
  value: number;
  /** what moved */
  nodes: string[];
}

/** Notes what moves on the page as long as the live view is shown. */
function noteShifts(): void {
  const shifts: Shift[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    if (!location.hash.startsWith('#/live')) return;
    for (const entry of list.getEntries() as unknown as (Shift & { sources: { node?: Node }[] })[])
      shifts.push({
        startTime: entry.startTime,
        value: entry.value,
        nodes: entry.sources.map(({ node }) => (node as Element | undefined)?.className ?? ''),
      });
  }).observe({ type: 'layout-shift' });
}

/**
 * Cumulative layout shift: the worst of all windows of at most five seconds in which less than one passes between two shifts
 * (https://web.dev/articles/cls). A slower run has more windows and no worse ones.
 */
function cumulativeShift(shifts: readonly Shift[]): number {
  let [worst, sum, fromMs, lastMs] = [0, 0, -Infinity, -Infinity];
  for (const { startTime, value } of shifts) {
    const goesOn = startTime - lastMs < 1000 && startTime - fromMs < 5000;
    if (!goesOn) fromMs = startTime;
    sum = goesOn ? sum + value : value;
    lastMs = startTime;
    worst = Math.max(worst, sum);
  }
  return worst;
}

it('says what to do when the address has no token', async () => {
  const context = await newReader(served.browser);
  const stranger = await context.newPage();
  await stranger.goto(new URL('/', served.url).href);
  await stranger.getByText('needs the address that tare serve printed').waitFor();
  await expect.poll(() => stranger.locator('article').count()).toBe(0);
  await context.close();
});

it.each(['script', 'stylesheet'])('loads again where its %s was dropped on the way', async (type) => {
  const reader = await newReader(served.browser);
  const page = await reader.newPage();
  let dropped = 0;
  await page.route('**/*', (route) => {
    if (route.request().resourceType() !== type || dropped > 0) return route.continue();
    dropped += 1;
    return route.abort('connectionaborted');
  });
  await page.goto(served.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(dropped).toBe(1);
  const overflow = () =>
    page.locator('main').evaluate((main) => getComputedStyle(main).getPropertyValue('overflow-y'));
  await expect.poll(overflow).toBe('auto');
  await reader.close();
});

it('says so where a page cannot be drawn, shows it again, and goes on with the others', async () => {
  const { page, problems } = await served.visit();
  const broken = page.getByText('Tare itself made a mistake');
  const again = page.getByRole('button', { name: 'Show it again' });
  await page.route('**/call/images', (route) => route.fulfill({ json: { ok: true, value: [null] } }));
  await page.evaluate(() => (location.hash = '#/images'));
  await broken.waitFor();
  await again.click();
  await broken.waitFor();
  await showPage(page, { page: 'glossary' });
  expect(await broken.count()).toBe(0);
  await page.unroute('**/call/images');
  await showPage(page, { page: 'images' });
  expect(await broken.count()).toBe(0);
  await page.context().close();
  expect(problems.length).toBe(2); // one each time
});

it('runs `quick` from the browser, shows it to a second page too, and ends with its report and its row in the history', async () => {
  await page.getByRole('button', { name: 'Measure now' }).click();
  await page.getByRole('heading', { name: 'Running: Quick comparison' }).waitFor();
  await page.evaluate(noteShifts);
  const second = await page.context().newPage();
  await second.goto(served.url);
  await second.getByRole('link', { name: 'Running' }).click();
  await second.locator('section.lanes li').nth(1).waitFor();
  await second.getByRole('link', { name: 'History' }).click();
  const row = second.locator('tbody tr').first();
  await row.getByText('running').waitFor();
  const title = page.getByRole('heading', { level: 1, name: 'Quick comparison', exact: true });
  await title.waitFor();
  await row.getByText('running').waitFor({ state: 'detached' });
  await row
    .getByText(/^\d[\d.]* ×$/)
    .first()
    .waitFor();
  await second.close();
  const shifts = await page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
  expect(shifts).not.toEqual([]); // bars grow
  expect(cumulativeShift(shifts), JSON.stringify(shifts)).toBeLessThan(0.05);
  const drawn = await drawings(page);
  expect(drawn.length).toBeGreaterThanOrEqual(2);
  for (const { title: name, colours, size, place } of drawn) {
    expect(colours, name).toBeGreaterThan(8);
    expect(size, name).toEqual(place);
  }
  expect(problems).toEqual([]);
});

it('reads a Compose file, and says what is not as it says before anything is run', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-compose-'));
  const file = path.join(folder, 'compose.yaml');
  const service = 'image: x, mem_limit: 64m, cpus: 1';
  try {
    writeFileSync(
      file,
      `services: { db: { ${service}, volumes: ['data:/data'] }, web: { ${service}, depends_on: [db] } }\nvolumes: { data: }\n`,
    );
    await page.evaluate(() => (location.hash = '#/compare'));
    await page.getByText('Compose file', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Compose file' }).fill(file);
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByText('no target is given these, so that all run the same. db: volumes').waitFor();
    await page.getByText('since they need other services: web').waitFor();
    expect(await page.getByRole('checkbox', { name: 'db' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'web' }).uncheck();
    await page.getByText('since they need other services: web').waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'web' }).check();
    await page.getByText('since they need other services: web').waitFor();

    writeFileSync(file, 'services: { db: { image: x, no_such: 1 } }\n');
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByText(`Docker Compose refuses ${file}`).waitFor();
    expect(problems).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
    await page.getByText('Presets', { exact: true }).click();
  }
});

it('can be used with the keyboard alone', async () => {
  await page.evaluate(() => (location.hash = '#/compare'));
  await page.getByRole('button', { name: 'Run: Three small apps' }).waitFor();
  const reached = new Set<string>();
  await page.locator('body').press('Home');
  // once around: to where it began
  let first: ElementHandle | undefined;
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    if (first && (await focused.evaluate((element, begun) => element === begun, first))) break;
    first ??= await focused.elementHandle();
    const name = (await focused.getAttribute('aria-label')) ?? (await focused.innerText());
    const outline = await focused.evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline, name).not.toBe('none');
    reached.add(name.trim());
  }
  const names = ['Skip to the page', 'Compare', 'History', 'Measure now', 'Run: Three small apps'];
  for (const name of [...names, 'Dark', '中文']) expect([...reached]).toContain(name);
});
