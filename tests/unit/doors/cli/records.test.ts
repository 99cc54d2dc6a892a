import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Run } from '../../../../main/contract/run/run';
import { tare } from '../../../support/commandLine';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const first = fakeRecord(undefined, '20260801-120000-0001');
const second = fakeRecord(undefined, '20260802-120000-0002');

describe('records', () => {
  const runs = [first, second];

  test('list shows the newest first', async () => {
    const { code, stdout } = await tare('list', { runs });
    expect(code).toBe(0);
    expect(stdout.indexOf(second.id)).toBeLessThan(stdout.indexOf(first.id));
    expect(stdout).toContain('container 10 ms');
    const json = JSON.parse((await tare('list --json', { runs })).stdout) as { id: string }[];
    expect(json.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  test('list shows as many as fit a page, and all when asked', async () => {
    const many = Array.from({ length: 52 }, (_, at) =>
      fakeRecord(undefined, `20260801-1200${String(at).padStart(2, '0')}-00ff`),
    );
    const rows = (stdout: string) =>
      stdout.split('\n').filter((line) => line.startsWith('20260801-12')).length;
    const { stdout } = await tare('list', { runs: many });
    expect(rows(stdout)).toBe(50);
    expect(stdout).toContain('2 older runs');
    const all = (await tare('list --all', { runs: many })).stdout;
    expect(rows(all)).toBe(52);
    expect(all).not.toContain('older');
  });

  test('a whole id is looked at without a look at the others', async () => {
    const { engine } = await tare(`show ${runs[0]!.id}`, { runs });
    expect(engine.log).toEqual(['record', 'close']);
    expect((await tare('show 20991231-235959-ffff', { runs })).code).toBe(2);
  });

  test('an empty list says how to begin, and is an empty array as JSON', async () => {
    expect((await tare('list')).stdout).toContain('tare run quick');
    expect(JSON.parse((await tare('list --json')).stdout)).toEqual([]);
  });

  test.each([
    ['last', second.id],
    ['20260801', first.id],
    [first.id, first.id],
  ])('show %s finds the run', async (word, id) => {
    const { code, stdout } = await tare(`show ${word} --json`, { runs });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Run).id).toBe(id);
    expect((await tare(`show ${word} --full`, { runs })).stdout).toContain('Start-up');
  });

  test('a beginning that several runs have is refused with all of them', async () => {
    const { code, stderr } = await tare('show 202608', { runs });
    expect(code).toBe(2);
    expect(stderr).toContain(first.id);
    expect(stderr).toContain(second.id);
  });

  test.each(['show 2025', 'show last', 'export last --format csv --out x'])(
    '%s finds nothing and says what to do',
    async (words) => {
      const { code, stderr, stdout } = await tare(words);
      expect(code).toBe(2);
      expect(stderr).toContain('tare list');
      expect(stdout).toBe('');
    },
  );

  test('export writes to stdout where the file is called -, and nothing else', async () => {
    const { code, stdout, engine } = await tare('export last --format md --out -', { runs });
    expect(code).toBe(0);
    expect(engine.log).not.toContain('exportRun');
    expect(engine.inputs.renderRun).toMatchObject({ format: 'md', run: { id: second.id } });
    expect(stdout).not.toContain('\n/');
    const folder = await tare('export last --format png --out -', { runs });
    expect(folder.code).toBe(2);
    expect(folder.stderr).toContain('name a folder');
  });

  test('export knows the form by the end of the file’s name', async () => {
    const { engine } = await tare('export last --out mine.html', { runs });
    expect(engine.inputs.exportRun).toMatchObject({ format: 'html' });
  });

  test('show tells how far a run under way is', async () => {
    const running = { ...fakeRecord(), state: 'running' as const };
    for (const word of [running.id, 'last']) {
      const { code, stdout } = await tare(`show ${word}`, { runs: [running] });
      expect(code).toBe(0);
      expect(stdout).toMatch(/Under way: \d+ of \d+ trials/);
    }
    expect((await tare('show last --lang zh-CN', { runs: [running] })).stdout).toMatch(
      /正在进行：已完成 \d+ 次试验/,
    );
  });

  test('export asks for the file in the reader’s language and prints where it is', async () => {
    const words = 'export last --format md --out report.md --published --lang zh-CN';
    const { code, stdout, engine } = await tare(words, { runs, cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toBe(`${path.join(folder, 'report.md')}\n`);
    expect(engine.inputs.exportRun).toEqual({
      id: second.id,
      format: 'md',
      path: path.join(folder, 'report.md'),
      locale: 'zh-CN',
      published: true,
      withValues: false,
    });
  });
});
