/** One table of calls, put through the router and through the command line on real engines: the same answers. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallName } from '../../main/contract/calls';
import { exitCodeOf } from '../../main/contract/failures';
import { explain } from '../../main/contract/messages';
import type { Run } from '../../main/contract/run/run';
import { runCli } from '../../main/doors/cli/cli';
import { answer } from '../../main/doors/router';
import { createEngine, type Engine } from '../../main/engine/index';
import { makeReport } from '../../main/engine/results/report/report';
import { fakeRecord } from '../support/fakes/fakeAnswers';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-doors-'));
const dataFolder = path.join(folder, 'data');
const assetsFolder = path.resolve(import.meta.dirname, '../../assets');
const ids = ['20260801-120000-0001', '20260802-120000-0002'] as const;
let engine: Engine;

beforeAll(() => {
  for (const id of ids) {
    mkdirSync(path.join(dataFolder, 'runs', id), { recursive: true });
    const run = fakeRecord(undefined, id);
    writeFileSync(
      path.join(dataFolder, 'runs', id, 'run.json'),
      JSON.stringify({ ...run, report: makeReport(run, []) }),
    );
  }
  writeFileSync(path.join(folder, 'a-file'), '');
  engine = createEngine({ dataFolder, cacheFolder: path.join(folder, 'cache'), assetsFolder });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function tare(words: string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await runCli(['--data-folder', dataFolder, ...words], {
    stdout: { write: (text) => (written.stdout += String(text)) },
    stderr: { write: (text) => (written.stderr += String(text)) },
    env: {},
    cwd: folder,
    assetsFolder,
    signals: new EventEmitter(),
    createEngine: (options) => createEngine({ ...options, cacheFolder: path.join(folder, 'cache') }),
  });
  return { code, ...written };
}

/** Every file below a path, with its content. */
function contents(place: string): Record<string, string> {
  if (statSync(place).isFile()) return { '': readFileSync(place, 'utf8') };
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(place, name)).isFile())
    .sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(place, name), 'utf8')]));
}

const asked: [name: CallName, input: object, words: string[]][] = [
  ['runs', {}, ['list', '--json']],
  ['run', { id: ids[0] }, ['show', ids[0], '--json']],
  ['run', { id: ids[1] }, ['show', 'last', '--json']],
  [
    'compare',
    { base: { id: ids[0] }, other: { path: path.join(dataFolder, 'runs', ids[1], 'run.json') } },
    ['compare', ids[0], path.join(dataFolder, 'runs', ids[1], 'run.json'), '--json'],
  ],
  ['clean', { dryRun: true }, ['clean', '--dry-run', '--json']],
  ['clean', {}, ['clean', '--json']],
];

const refused: [name: CallName, input: object, words: string[]][] = [
  [
    'compare',
    { base: { path: path.join(folder, 'a-file') }, other: { id: ids[1] } },
    ['compare', `${folder}/a-file`, ids[1]],
  ],
  [
    'compare',
    { base: { path: path.join(folder, 'none.json') }, other: { id: ids[1] } },
    ['compare', 'none.json', ids[1]],
  ],
  ['run', { id: '20250101-000000-0000' }, ['show', '20250101-000000-0000']],
  [
    'exportRun',
    { id: ids[0], format: 'csv', path: path.join(folder, 'a-file/x.csv') },
    ['export', ids[0], '--format', 'csv', '--out', path.join(folder, 'a-file/x.csv')],
  ],
];

describe('the router and the command line', () => {
  test.each(asked)('answer %s %j alike', async (name, input, words) => {
    const reply = await answer(engine, name, input);
    const { code, stdout } = await tare(words);
    expect(code).toBe(0);
    expect(reply).toEqual({ ok: true, value: JSON.parse(stdout) as unknown });
  });

  test.each(refused)('refuse %s %j alike', async (name, input, words) => {
    const reply = await answer(engine, name, input);
    const { code, stdout, stderr } = await tare(words);
    if (reply.ok) throw new Error('was not refused');
    expect(code).toBe(exitCodeOf(reply.failure));
    expect(stdout).toBe('');
    expect(stderr.replace(/\s+/g, ' ')).toContain(explain('en', reply.failure).what);
  });

  test.each(['json', 'csv', 'md', 'svg'])('export the same %s', async (format) => {
    const [one, other] = ['one', 'other'].map((name) => path.join(folder, format, name)) as [string, string];
    for (const place of [one, other]) mkdirSync(place, { recursive: true });
    const file = `run.${format}`; // pictures beside it are called after it
    const reply = await answer(engine, 'exportRun', { id: ids[0], format, path: path.join(one, file) });
    const { code, stdout } = await tare([
      'export',
      ids[0],
      '--format',
      format,
      '--out',
      path.join(other, file),
    ]);
    expect(code).toBe(0);
    expect(reply.ok && (reply.value as string[]).length).toBeGreaterThan(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((file) => path.relative(other, file)),
    ).toEqual(reply.ok ? (reply.value as string[]).map((file) => path.relative(one, file)) : []);
    expect(contents(other)).toEqual(contents(one));
  });

  test('what is exported as JSON is the record itself', async () => {
    const file = path.join(folder, 'record.json');
    await tare(['export', 'last', '--format', 'json', '--out', file]);
    const shown = JSON.parse((await tare(['show', 'last', '--json'])).stdout) as Run;
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(shown);
  });

  test('a plan that no machine can hold is refused by both, before anything is started', async () => {
    const workloads = [
      { name: 'web', image: { kind: 'builtin', name: 'web' }, port: 8080, limits: { memoryBytes: 1024 } },
    ];
    const reply = await answer(engine, 'startRun', {
      plan: { name: 'custom', workloads, targets: ['container'], trials: 1 },
    });
    const { code, stderr } = await tare(['run', 'quick', '--memory', '1K']);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
    expect(code).toBe(2);
    expect(stderr).toContain('--memory: must be at least 16 MiB');
  });
});
