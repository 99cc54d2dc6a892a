/** Everything that leaves Tare as a file, asked for where a person asks for it, and opened with what a reader would open it with. */
import Ajv2020 from 'ajv/dist/2020';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { message } from '../../main/contract/messages';
import type { Run } from '../../main/contract/run/run';
import { home, openApp, root, virtualScreen, type Home, type OpenedApp } from '../support/window/app';
import { askMain } from '../support/window/main';
import { accessibilityProblems } from '../support/window/axe';
import { newReader, openBrowser, visit } from '../support/window/browser';
import { chooseFromMenu, openFrom, saveInto, suggestedNames } from '../support/window/dialogs';
import { keepRun } from '../support/fakes/keptRun';
import { dropFile } from '../support/window/pages';
import { servePage } from '../support/window/served';
import type { Screen } from '../support/window/screen';
import { wellFormed } from '../support/xml';
import { readJunit } from '../support/readers/junit';

let screen: Screen;
let browser: Browser;
let own: Home;
let run: ReturnType<typeof keepRun>;
let folder: string;
beforeAll(async () => {
  screen = await virtualScreen();
  browser = await openBrowser();
  own = home();
  run = keepRun(own);
  folder = mkdtempSync(path.join(tmpdir(), 'tare-exports-'));
});
afterAll(async () => {
  await browser.close();
  await screen[Symbol.asyncDispose]();
  own[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

/** Waits until this is told in a notice, and takes the notice away. */
async function toldOf(page: Page, words: string): Promise<void> {
  const notice = page.locator('.notices > *', { hasText: words });
  await notice.waitFor();
  await notice.getByRole('button', { name: /Dismiss|关闭消息/ }).click();
  await notice.waitFor({ state: 'detached' });
}

/** A picture as a browser decodes it: its size, and how many colours it has. */
async function look(file: string): Promise<{ width: number; height: number; colours: number }> {
  const page = await browser.newPage();
  const source = `data:image/png;base64,${readFileSync(file).toString('base64')}`;
  const seen = await page.evaluate(async (address) => {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), {
      width: picture.naturalWidth,
      height: picture.naturalHeight,
    });
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return {
      width: canvas.width,
      height: canvas.height,
      colours: new Set(new Uint32Array(data.buffer)).size,
    };
  }, source);
  await page.close();
  return seen;
}

/** The report opened from the disk, without a network: what a reader sees. */
async function openReport(file: string, javaScriptEnabled: boolean) {
  const context = await newReader(browser, { offline: true, javaScriptEnabled });
  const page = await context.newPage();
  const asked: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (line) => line.type() === 'error' && problems.push(line.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, asked, problems, close: () => context.close() };
}

const textOf = (pdf: string) => execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });

describe('from the window', () => {
  let opened: OpenedApp;
  const base = () => `tare-three-apps-${run.id.slice(0, 15)}`;
  beforeAll(async () => {
    opened = await openApp(screen, own);
    await saveInto(opened.app, folder);
    await opened.page.evaluate((id) => (location.hash = `#/report/${id}`), run.id);
    await opened.page.getByRole('button', { name: 'Export', exact: true }).waitFor();
  });
  afterAll(() => opened.app.close());

  it('saves the run in every form, under names that say what they are', async () => {
    const { page, app } = opened;
    const items = [
      'Web page (one HTML file)',
      'PDF',
      'Markdown',
      'CSV: every trial',
      'JSON: the whole record',
    ];
    for (const item of [...items, 'JUnit XML: verdicts and trials']) {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      if (item === items[0]) expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole('menuitem', { name: item, exact: true }).click();
      await toldOf(page, base());
    }
    const names = ['.html', '.pdf', '.md', '.csv', '.json', '-junit.xml'].map((end) => base() + end);
    await expect(suggestedNames(app)).resolves.toEqual(names);

    const record = JSON.parse(read(`${base()}.json`)) as Run;
    expect(record).toEqual(run);
    const schema = JSON.parse(
      readFileSync(path.join(root, 'assets/schema/run.schema.json'), 'utf8'),
    ) as object;
    expect(new Ajv2020({ strict: false }).compile(schema)(record)).toBe(true);
    const lines = read(`${base()}.csv`).trimEnd().split('\r\n');
    expect(lines).toHaveLength(run.trials.length + 1);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
    expect(read(`${base()}.md`)).toContain('# Tare: Three small apps');
    expect(readJunit(read(`${base()}-junit.xml`)).cases.length).toBeGreaterThan(run.trials.length);
  });

  it('prints a PDF whose text can be searched', () => {
    const text = textOf(path.join(folder, `${base()}.pdf`));
    for (const words of ['Three small apps', 'Time to ready', run.id, 'Exactly what was run', 'sooner'])
      expect(text).toContain(words);
    const sheets = text.split('\f').slice(0, -1);
    const numbers = sheets.map((sheet) => sheet.trimEnd().split('\n').at(-1)!.replaceAll(' ', ''));
    expect(numbers).toEqual(sheets.map((_, index) => `${index + 1}/${sheets.length}`));
  });

  it('saves a chart as a picture at twice its size, a drawing and its figures, and copies it', async () => {
    const { page, app } = opened;
    const button = page.getByRole('button', { name: 'Export the chart: Time to ready', exact: true });
    for (const item of ['PNG', 'SVG', 'CSV']) {
      await button.click();
      await page.getByRole('menuitem', { name: item }).click();
      await toldOf(page, 'tare-three-apps-start-up');
    }
    const drawing = wellFormed(read('tare-three-apps-start-up.svg').trim());
    const picture = await look(path.join(folder, 'tare-three-apps-start-up.png'));
    expect(picture.width).toBe(Number(drawing.attributes.width) * 2);
    expect(picture.height).toBe(Math.ceil(Number(drawing.attributes.height) * 2));
    expect(picture.colours).toBeGreaterThan(30);
    expect(read('tare-three-apps-start-up.csv')).toMatch(/^label,target,readyMs,/);

    await page.bringToFront();
    await button.click();
    await page.getByRole('menuitem', { name: 'Copy as image' }).click();
    await page.getByText('The picture is on the clipboard.').waitFor();
    const copied = await askMain(app, ({ clipboard }) =>
      (clipboard as unknown as { readImage(): { getSize(): object } }).readImage().getSize(),
    );
    expect(copied).toEqual({ width: picture.width, height: picture.height });
    expect(opened.problems).toEqual([]);
  });

  it('follows the language: the menu, the dialogs and what is exported', async () => {
    const { page, app } = opened;
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '导出', exact: true }).waitFor();
    await chooseFromMenu(app, '文件', '将报告导出为', 'PDF 文档');
    await toldOf(page, base());
    const text = textOf(path.join(folder, `${base()}.pdf`));
    for (const words of ['三个小应用', '就绪时间', '虚拟机']) expect(text).toContain(words);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).waitFor();
  });

  it('shows nothing but a notice when a place cannot be written', async () => {
    const { page, app } = opened;
    await saveInto(app, '/proc/tare');
    await chooseFromMenu(app, 'File', 'Export the report as', 'Markdown');
    await toldOf(page, 'cannot be written');
    await saveInto(app, folder);
  });

  it('opens a record from a file, read only, by menu and by dropping it', async () => {
    const { page, app } = opened;
    const elsewhere = { ...run, id: '20200101-000000-abcd' };
    const file = path.join(folder, 'from-a-colleague.json');
    writeFileSync(file, JSON.stringify(elsewhere));
    await openFrom(app, file);
    await chooseFromMenu(app, 'File', message('en', 'ui.menu.open'));
    await page.getByText('opened from a file, read only').waitFor();
    const method = page.locator('#method');
    await method.locator('> summary').click();
    await method.getByText('20200101-000000-abcd').waitFor();
    await chooseFromMenu(app, 'File', 'Export the report as', 'Markdown');
    await toldOf(page, 'tare-three-apps-20200101-000000.md');
    await page.evaluate(() => (location.hash = '#/history'));

    await dropFile(page, 'run.json', JSON.stringify({ ...elsewhere, id: '20200202-000000-abcd' }));
    await method.locator('> summary').click();
    await method.getByText('20200202-000000-abcd').waitFor();
    await dropFile(page, 'letter.json', '{"dear": "reader"}');
    await toldOf(page, 'letter.json');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

describe('the report as one file', () => {
  const write = (locale: string) => {
    const file = path.join(folder, `${locale}.html`);
    const words = ['export', run.id, '--lang', locale, '--format', 'html', '--out', file];
    execFileSync(process.execPath, [path.join(root, 'dist/main/cli.cjs'), ...words], {
      env: { ...process.env, ...own.environment },
    });
    return file;
  };

  it.each([
    ['en', true],
    ['en', false],
    ['zh-CN', false],
  ])('shows its charts and tables without a network (%s, scripts: %s)', async (locale, scripts) => {
    const { page, asked, problems, close } = await openReport(write(locale), scripts);
    const charts = await page.locator('figure > svg').all();
    expect(charts).toHaveLength(run.report.charts.length + 1);
    for (const chart of charts) expect((await chart.boundingBox())!.height).toBeGreaterThan(250);
    await expect(page.locator('details.table table').count()).resolves.toBe(run.report.tables.length);
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('sorts, filters, changes its theme and gives each chart as a file', async () => {
    const { page, problems, close } = await openReport(write('en'), true);
    await page.locator('#table-start-up').click();
    const table = page.locator('details:has(> #table-start-up) table');
    const column = (await table.locator('thead th').allTextContents()).indexOf('Time to ready');
    const values = () =>
      table
        .locator(`tbody tr > :nth-child(${column + 1})`)
        .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
    const title = table.getByRole('button', { name: 'Time to ready' });
    await title.click();
    const rising = await values();
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    await title.click();
    expect(await values()).toEqual([...rising].reverse());

    await page.getByRole('searchbox').fill('worker');
    for (const row of await table.locator('tbody tr:visible').allTextContents())
      expect(row).toContain('worker');
    await page.getByRole('searchbox').fill('');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await background()).not.toBe(before);
    expect(await accessibilityProblems(page)).toEqual([]);

    for (const format of ['SVG', 'PNG']) {
      const download = page.waitForEvent('download');
      await page.locator('figure').first().getByRole('button', { name: format }).click();
      const file = path.join(folder, (await download).suggestedFilename());
      await (await download).saveAs(file);
      if (format === 'PNG') expect((await look(file)).colours).toBeGreaterThan(30);
      else wellFormed(readFileSync(file, 'utf8').trim());
    }
    expect(problems).toEqual([]);
    await close();
  });
});

describe('from a browser', () => {
  it('downloads the run, printed by the browser that is installed, and a chart', async () => {
    await using server = await servePage(own);
    const context = await newReader(browser);
    const { page } = await visit(context, server.url);
    await page.evaluate((id) => (location.hash = `#/report/${id}`), run.id);
    const fetched = async (button: string | RegExp, item: string) => {
      await page.getByRole('button', { name: button }).first().click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: item, exact: item === 'PDF' }).click();
      const file = path.join(folder, `web-${(await download).suggestedFilename()}`);
      await (await download).saveAs(file);
      return file;
    };
    expect(textOf(await fetched(/^Export$/, 'PDF'))).toContain('Three small apps');
    expect(readFileSync(await fetched(/^Export$/, 'OpenMetrics, for Prometheus'), 'utf8')).toMatch(
      /# EOF\n$/,
    );
    expect((await look(await fetched(/^Export the chart/, 'PNG'))).colours).toBeGreaterThan(30);
    await context.close();
  });
});

it('is written by the command line too: a picture of the answer and of each chart, in Chinese as well', async () => {
  const into = path.join(folder, 'pictures');
  mkdirSync(into);
  const words = ['export', run.id, '--lang', 'zh-CN', '--format', 'png', '--out', into];
  const files = execFileSync(process.execPath, [path.join(root, 'dist/main/cli.cjs'), ...words], {
    env: { ...process.env, ...own.environment },
    encoding: 'utf8',
  });
  const written = files.trimEnd().split('\n');
  const pictures = ['answer', ...run.report.charts.map(({ id }) => id)];
  expect(written).toEqual(pictures.map((id) => path.join(into, `${id}.png`)));
  for (const file of written) expect((await look(file)).colours, file).toBeGreaterThan(20);
});
