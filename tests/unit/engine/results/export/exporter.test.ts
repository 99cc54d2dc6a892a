import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportFormats, type ExportFormat } from '../../../../../main/contract/exports';
import { locales, type Locale } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import { showValue } from '../../../../../main/contract/quantities';
import { columnScale } from '../../../../../main/contract/report/cells';
import { Run } from '../../../../../main/contract/run/run';
import { csv } from '../../../../../main/engine/results/export/csv';
import { exportRecord as exportWith } from '../../../../../main/engine/results/export/exporter';
import { markdown } from '../../../../../main/engine/results/export/markdown';
import { answerTable } from '../../../../../main/drawing/answer/table';
import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';

/** What a browser would print is not looked at here. */
const tools = { printPdf: (page: string) => Promise.resolve(Buffer.from(`%PDF ${page.length}`)) };
const exportRun = (run: Run, format: ExportFormat, target: string, locale: Locale, published = false) =>
  exportWith(run, format, target, { locale, published }, tools);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tare-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('files', () => {
  test('json is the record itself', async () => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const file = path.join(folder, 'run.json');
    expect(await exportRun(run, 'json', file, 'zh-CN')).toEqual([file]);
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text)).toEqual(run);
    expect(Run.parse(JSON.parse(text))).toEqual(run);
    expect(text).toContain('\n  "schemaVersion": 2,');
  });

  test('svg is a folder, the answer and one file per chart, made where it is not there', async () => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const target = path.join(folder, 'a', 'b');
    const files = await exportRun(run, 'svg', target, 'en');
    const names = ['answer', ...run.report.charts.map(({ id }) => id)];
    expect(files).toEqual(names.map((name) => path.join(target, `${name}.svg`)));
    expect((await readdir(target)).sort()).toEqual(files.map((file) => path.basename(file)).sort());
  });

  test.each(['svg', 'png'] as const)(
    '%s is one file with the answer where the path ends so, and a folder where one of that name is there',
    async (format) => {
      const run = fakeReportedRun();
      const all = await exportRun(run, format, path.join(folder, 'all'), 'en');
      const file = path.join(folder, `mine.${format.toUpperCase()}`);
      expect(await exportRun(run, format, file, 'en')).toEqual([file]);
      expect(await readFile(file)).toEqual(await readFile(path.join(folder, 'all', `answer.${format}`)));
      const there = path.join(folder, `there.${format}`);
      await mkdir(there);
      expect(await exportRun(run, format, there, 'en')).toHaveLength(all.length);
    },
  );

  test('one file of a run without a picture is refused, and nothing is written', async () => {
    const file = path.join(folder, 'mine.png');
    await expect(exportRun(fakeRun(), 'png', file, 'en')).rejects.toMatchObject({
      failure: { code: 'bad-input' },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a card is a picture, or a drawing with its type where the path ends in .svg, in the language asked for', async () => {
    const write = async (name: string, locale: Locale) =>
      readFile((await exportRun(fakeReportedRun(), 'card', path.join(folder, name), locale))[0]!);
    expect((await write('card.png', 'en')).subarray(1, 4).toString()).toBe('PNG');
    const [english, chinese] = [await write('card.svg', 'en'), await write('zh.svg', 'zh-CN')].map(String);
    expect(english).toMatch(/^<svg [^>]*width="1200" height="630"[^]*@font-face/);
    expect(english).not.toMatch(/[\u4e00-\u9fff]/);
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
  });

  test('an earlier file is replaced whole, and nothing else is left', async () => {
    const file = path.join(folder, 'run.md');
    await writeFile(file, 'x'.repeat(1_000_000));
    await exportRun(fakeReportedRun(), 'md', file, 'en');
    expect(await readFile(file, 'utf8')).toMatch(/^# Tare: Quick comparison\n/);
    expect((await readdir(folder)).filter((name) => !name.endsWith('.svg'))).toEqual(['run.md']);
  });

  test('markdown has its pictures beside it, by links that lead to them, the answer first', async () => {
    const file = path.join(folder, 'a report (1).md');
    const files = await exportRun(fakeReportedRun(), 'md', file, 'en');
    const text = await readFile(file, 'utf8');
    const links = [...text.matchAll(/!\[[^\]]+\]\(((?:\\.|[^)\\])+)\)/g)].map(([, link]) =>
      path.join(folder, decodeURI(link!.replace(/\\(.)/g, '$1'))),
    );
    expect(files[0]).toBe(file);
    expect(files.slice(1).sort()).toEqual(links.toSorted());
    expect(path.basename(links[0]!)).toBe('a report (1)-answer.svg');
    for (const link of links) expect(await readFile(link, 'utf8')).toMatch(/^<svg /);
  });

  test.each(['md', 'html', 'pdf', 'svg', 'json'] as const)(
    '%s tells what others have published where it is asked for, the same bytes every time',
    async (format) => {
      const write = async (name: string, published: boolean) => {
        // by the same name, which links to pictures tell
        const target = path.join(folder, name, 'out');
        const files = await exportRun(fakeReportedRun(), format, target, 'en', published);
        return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
      };
      const [plain, full, again] = [await write('a', false), await write('b', true), await write('c', true)];
      expect(again).toBe(full);
      // the record holds them always
      expect(plain === full).toBe(format === 'json');
      if (format === 'pdf') return;
      expect(plain.includes('Cloud Hypervisor')).toBe(format === 'json');
      expect(full).toContain('Cloud Hypervisor');
    },
  );

  test('a place where no folder can be made is a failure at once, and not an endless attempt', async () => {
    await expect(exportRun(fakeReportedRun(), 'md', '/proc/tare/run.md', 'en')).rejects.toMatchObject({
      failure: { code: 'write-failed', path: '/proc/tare/run.md', reason: 'ENOENT' },
    });
  });

  test.each(exportFormats)('%s that cannot be written is a failure with the path', async (format) => {
    const blocked = path.join(folder, 'file');
    await writeFile(blocked, '');
    await expect(
      exportRun(fakeReportedRun(), format, path.join(blocked, 'inside'), 'en'),
    ).rejects.toMatchObject({
      failure: { code: 'write-failed', reason: expect.stringMatching(/ENOTDIR|EEXIST/) as string },
    });
  });

  test.each(exportFormats)('%s of a run that was cut off before its report still works', async (format) => {
    const target = path.join(folder, 'out');
    const files = await exportRun(fakeRun(), format, target, 'en');
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(files).toHaveLength(format === 'svg' || format === 'png' ? 0 : 1);
  });
});

/** RFC 4180, read back. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted !== undefined ? quoted.replace(/""/g, '"') : bare!);
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('csv', () => {
  test('has one row per trial, failed ones too, and the very numbers of the record', () => {
    const run = fakeReportedRun({
      plan: { trials: 4 },
      change: (trial) => {
        if (trial.index !== 3) return;
        trial.outcome = 'failed';
        trial.failure = { code: 'kit-missing', folder: '/x' };
        delete trial.readyMs;
      },
    });
    const [head, ...rows] = readCsv(csv.files(run, 'en')[0]!.content);
    expect(rows).toHaveLength(8);
    const objects = rows.map((row) => Object.fromEntries(head!.map((name, at) => [name, row[at]])));
    objects.forEach((row, at) => {
      const trial = run.trials[at]!;
      expect(row.trial).toBe(trial.id);
      expect(row.readyMs).toBe(trial.readyMs === undefined ? '' : String(trial.readyMs));
      expect(row.failure).toBe(trial.failure?.code ?? '');
      expect(Number(row.hostBytes)).toBe(trial.memory.hostBytes);
      expect(row['part.shimBytes'] === '').toBe(trial.target !== 'container');
    });
    expect(head).toContain('phase.readyMs');
    expect(new Set(head).size).toBe(head!.length);
  });

  test('guards what a spreadsheet would run, quotes what must be, and leaves numbers alone', () => {
    const run = fakeReportedRun({
      plan: { trials: 1 },
      change: (trial) => {
        trial.workload = trial.target === 'container' ? '=HYPERLINK("http://x";"y"),1' : '@a\r\n"b"';
        trial.startMs = -5;
      },
    });
    const [head, first, second] = readCsv(csv.files(run, 'en')[0]!.content);
    expect(first![1]).toBe('\'=HYPERLINK("http://x";"y"),1');
    expect(second![1]).toBe('\'@a\r\n"b"');
    expect(first![head!.indexOf('startMs')]).toBe('-5');
  });
});

describe('markdown', () => {
  test.each(locales)('is worded, each doubt once, in tables of even rows (%s)', (locale) => {
    const run = fakeReportedRun({ preset: 'three-apps' });
    const text = markdown.files(run, locale)[0]!.content;
    expect(text).not.toMatch(/undefined|\[object|\{\w+\}|(?:verdict|column|table|export)\.[a-z]/);
    for (const doubt of run.report.answer!.doubts) expect(text.split(say(locale, doubt))).toHaveLength(2);
    expect(text).toContain("-append 'console=ttyS0 tare.agent=1'");
    for (const lines of text.split('\n\n').filter((block) => block.startsWith('|'))) {
      const widths = lines.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test('has the answer’s figures as a table where its picture cannot lie beside it', () => {
    const run = fakeReportedRun();
    const figures = answerTable(run.report.answer!, 'en').rows.flatMap(({ figures }) => figures);
    const [alone, beside] = [markdown.files(run, 'en'), markdown.files(run, 'en', { stem: 'x' })].map(
      (files) => files[0]!.content,
    );
    const answerOf = (text: string) => text.slice(0, text.indexOf('How sure'));
    expect(figures.length).toBeGreaterThan(10);
    for (const { words } of figures) expect(answerOf(alone!)).toContain(words);
    expect(answerOf(beside!)).not.toContain('|');
    // a figure and its interval stand in one unit
    const unitOf = (words: string) => / (\S+)$/.exec(words)?.[1];
    for (const row of answerTable(run.report.answer!, 'en').rows)
      if (row.figures[1]!.value !== undefined)
        expect(unitOf(row.figures[1]!.words)).toBe(unitOf(row.figures[0]!.words));
    expect(alone).not.toContain('](');
  });

  test('shows the numbers of the report', () => {
    const run = fakeReportedRun();
    const text = markdown.files(run, 'en')[0]!.content;
    const table = run.report.tables.find(({ id }) => id === 'start-up')!;
    for (const row of table.rows) {
      const at = table.columns.findIndex(({ id }) => id === 'readyMs');
      expect(text).toContain(showValue('en', 'ms', row[at]!.value!, columnScale(table, at)));
    }
    expect(text).toContain('VM (direct boot)');
    expect(text).toContain('CPU governor: there is no such file');
  });

  test('escapes what is not its own', () => {
    const run = fakeReportedRun();
    run.environment.host.cpu = 'a|b <img src=x> *c*\nd';
    run.environment.commands[0]!.line = ['echo', "it's", '```'];
    const text = markdown.files(run, 'en')[0]!.content;
    expect(text).toContain('a\\|b \\<img src=x\\> \\*c\\* d');
    expect(text).toContain("````sh\necho 'it'\\''s' '```'\n````");
  });

  test('says why a run ended early', () => {
    const run = fakeReportedRun();
    run.failure = { code: 'budget-spent', budgetMs: 5000 };
    expect(markdown.files(run, 'en')[0]!.content).toMatch(/> \*\*The time budget of .* is spent/);
  });
});
