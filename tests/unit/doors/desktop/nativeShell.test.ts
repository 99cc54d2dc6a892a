import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChartSpec } from '../../../../main/contract/report/report';
import { nativeShell, type NativeShellParts } from '../../../../main/doors/desktop/nativeShell';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine, type EngineBehaviour } from '../../../support/fakes/fakeEngine';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tare-nativeShell-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = fakeRecord();
const spec: ChartSpec = {
  id: 'start-up',
  title: { key: 'chart.start-up', facts: {} },
  note: { key: 'chart.start-up.note', facts: { n: 3 } },
  unit: 'ms',
  kind: 'lines',
  lines: [],
};

/** A native shell whose dialogs answer as told; it remembers what it was asked. */
function stage(answer: (file: string) => string | undefined, behaviour: EngineBehaviour = {}) {
  const asked: string[] = [];
  const revealed: string[] = [];
  const shown: unknown[] = [];
  const engine = fakeEngine({ runs: [run], ...behaviour });
  const parts: NativeShellParts = {
    engine,
    askWhere: (file, format) => {
      asked.push(`${format} ${file}`);
      return Promise.resolve(answer(file));
    },
    firstFolder: () => folder,
    reveal: (file) => revealed.push(file),
    choose: (what, from) => {
      asked.push(`${what} ${from}`);
      return Promise.resolve(answer(from));
    },
    shown: (state) => shown.push(state),
    locale: () => 'zh-CN',
  };
  return { ask: nativeShell(parts), asked, revealed, shown, engine };
}

describe('saving', () => {
  it('suggests a name that says what it is, writes what the engine made, and remembers the folder', async () => {
    const elsewhere = path.join(folder, 'talk');
    const { ask, asked } = stage((file) => path.join(elsewhere, path.basename(file)));
    const html = path.join(elsewhere, 'tare-quick-20260801-120000.html');
    await expect(ask('saveRun', { run: { id: run.id }, format: 'html' })).resolves.toEqual({
      ok: true,
      value: { path: html },
    });
    expect(readFileSync(html, 'utf8')).toBe('tare');
    const chart = { spec, subject: 'my plan/1' };
    await ask('saveChart', { chart, format: 'png' });
    expect(asked).toEqual([
      `html ${path.join(folder, 'tare-quick-20260801-120000.html')}`,
      `png ${path.join(elsewhere, 'tare-my-plan-1-start-up.png')}`,
    ]);
  });

  it('takes the record itself where the run is in no history', async () => {
    const record = fakeRecord({ ...run.plan, name: '启动 测试' }, '20260801-130000-00ff');
    const { ask, asked, engine } = stage((file) => file);
    await expect(ask('saveRun', { run: { record }, format: 'pdf' })).resolves.toMatchObject({
      ok: true,
    });
    expect(asked).toEqual([`pdf ${path.join(folder, 'tare-启动-测试-20260801-130000.pdf')}`]);
    expect(engine.inputs.renderRun).toMatchObject({ locale: 'zh-CN', run: { record: { id: record.id } } });
  });

  it('renders nothing when the person cancels, since a PDF takes a while', async () => {
    const { ask, engine } = stage(() => undefined);
    await expect(ask('saveRun', { run: { id: run.id }, format: 'pdf' })).resolves.toEqual({
      ok: true,
      value: null,
    });
    expect(engine.log).not.toContain('renderRun');
  });

  it('adds the ending that a typed name lacks', async () => {
    const { ask } = stage(() => path.join(folder, 'report'));
    await ask('saveRun', { run: { id: run.id }, format: 'md' });
    expect(existsSync(path.join(folder, 'report.md'))).toBe(true);
  });

  it('answers with the failure when it cannot be rendered or written, and writes nothing', async () => {
    const failing = stage((file) => file, { fails: { renderRun: { code: 'font-missing', known: [] } } });
    await expect(failing.ask('saveRun', { run: { id: run.id }, format: 'html' })).resolves.toEqual({
      ok: false,
      failure: { code: 'font-missing', known: [] },
    });
    const nowhere = stage(() => '/proc/tare/report.html');
    await expect(nowhere.ask('saveRun', { run: { id: run.id }, format: 'html' })).resolves.toMatchObject({
      failure: { code: 'write-failed', path: '/proc/tare/report.html' },
    });
  });
});

it('shows in a folder only what was saved here', async () => {
  const { ask, revealed } = stage((file) => file);
  await ask('showInFolder', { path: '/etc/passwd' });
  await ask('saveChart', { chart: { spec }, format: 'svg' });
  const file = path.join(folder, 'tare-start-up.svg');
  await ask('showInFolder', { path: file });
  expect(revealed).toEqual([file]);
});

it('passes on what the page shows, with its language', async () => {
  const { ask, shown } = stage(() => undefined);
  await ask('shown', { exportable: true, theme: 'dark', locale: 'zh-CN' });
  expect(shown).toEqual([{ exportable: true, theme: 'dark', locale: 'zh-CN' }]);
});

it('lets a person look for a folder or a program, and says when they did not choose', async () => {
  const { ask, asked } = stage((from) => (from ? `${from}/shop` : undefined));
  await expect(ask('choose', { what: 'folder', from: '/home/me' })).resolves.toEqual({
    ok: true,
    value: { path: '/home/me/shop' },
  });
  await expect(ask('choose', { what: 'program' })).resolves.toEqual({ ok: true, value: null });
  expect(asked).toEqual(['folder /home/me', 'program ']);
});

it.each([
  ['constructor', {}],
  ['saveRun', { run: { id: '../../etc' }, format: 'html' }],
  ['saveRun', { run: { id: run.id }, format: 'exe' }],
  ['saveChart', { chart: { spec: {} }, format: 'png' }],
  ['showInFolder', { path: 5 }],
  ['choose', { what: 'everything' }],
  ['shown', { exportable: true, theme: 'pink', locale: 'en' }],
])('refuses %s with %j', async (name, input) => {
  const { ask, asked, engine } = stage((file) => file);
  await expect(ask(name, input)).resolves.toMatchObject({ ok: false, failure: { code: 'bad-input' } });
  expect([...asked, ...engine.log]).toEqual([]);
});
