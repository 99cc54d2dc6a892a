import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type * as NodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { bootId, startTicks } from '../../../../../main/engine/base/process/proc';
import { deadSessions, livingSessions } from '../../../../../main/engine/base/process/sessions/sessions';

/** What another Tare does at the one instant when a file is there and nothing is written in it yet. */
const meanwhile = vi.hoisted(() => ({
  look: undefined as (() => void) | undefined,
  /** between the listing of a folder and the opening of what is in it */
  listed: undefined as (() => void) | undefined,
}));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof NodeFs>();
  const creating =
    (write: typeof fs.writeFileSync): typeof fs.writeFileSync =>
    (file, data, options) => {
      if (!meanwhile.look || fs.existsSync(file as string)) return write(file, data, options);
      fs.writeFileSync(file, '');
      meanwhile.look();
      fs.appendFileSync(file, data as string);
    };
  return {
    ...fs,
    readdirSync: (folder: string) => {
      const names = fs.readdirSync(folder);
      meanwhile.listed?.();
      return names;
    },
    writeFileSync: creating(fs.writeFileSync),
    appendFileSync: creating(fs.appendFileSync as typeof fs.writeFileSync),
  };
});
afterEach(() => (meanwhile.look = meanwhile.listed = undefined));

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ledger-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A list whose owner is a process that has really ended. */
async function deadList(lines: object[]): Promise<string> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const owner = { owner: child.pid!, startTicks: startTicks(child.pid!)!, bootId: bootId() };
  const file = path.join(folder, 'dead.ndjson');
  writeFileSync(file, [owner, ...lines].map((line) => JSON.stringify(line) + '\n').join(''));
  expect(deadSessions(folder).dead).toEqual([]); // still alive: nobody may sweep it
  child.kill('SIGKILL');
  await once(child, 'exit');
  return file;
}

test('what is noted and not struck out can be found once its owner is dead', async () => {
  await deadList([
    { id: 1, kind: 'container', name: 'tare-dead-web-1' },
    { id: 2, kind: 'folder', name: '/tmp/gone' },
    { gone: 2 },
  ]);
  expect(deadSessions(folder).dead).toMatchObject([
    { session: 'dead', entries: [{ kind: 'container', name: 'tare-dead-web-1', session: 'dead' }] },
  ]);
});

test('a torn last line is ignored: the thing it would name was never created', async () => {
  const file = await deadList([{ id: 1, kind: 'process', name: 'tare-dead-vm-1' }]);
  appendFileSync(file, '{"id":2,"kind":"cont');
  expect(deadSessions(folder).dead[0]!.entries).toHaveLength(1);
});

test('the list of a living session is never offered for sweeping', () => {
  openLedger(folder).note('container', 'tare-x');
  expect(deadSessions(folder).dead).toEqual([]);
});

test('a list that was closed with everything struck out leaves no file; one with entries stays', () => {
  const tidy = openLedger(folder);
  tidy.note('folder', '/tmp/x')();
  tidy.close();
  expect(readdirSync(folder)).toEqual([]);

  const untidy = openLedger(folder);
  untidy.note('folder', '/tmp/x');
  untidy.close();
  expect(readdirSync(folder)).toEqual([`${untidy.session}.ndjson`]);
});

test('names are never given twice and carry the session', () => {
  const ledger = openLedger(folder);
  const names = Array.from({ length: 100 }, () => ledger.name('web'));
  expect(new Set(names).size).toBe(100);
  expect(names.every((name) => name.startsWith(`tare-${ledger.session}-`))).toBe(true);
});

test('a list that its owner closes, or another Tare sweeps, while the folder is read is none', () => {
  writeFileSync(path.join(folder, 'gone.ndjson'), '');
  meanwhile.listed = () => rmSync(path.join(folder, 'gone.ndjson'), { force: true });
  expect(deadSessions(folder)).toEqual({ dead: [], refused: [] });
  writeFileSync(path.join(folder, 'gone.ndjson'), '');
  expect(livingSessions(folder)).toEqual([]);
});

test('a list that is only just being created is nobody’s to sweep', () => {
  const seen: string[][] = [];
  meanwhile.look = () => void seen.push(deadSessions(folder).dead.map(({ file }) => file));
  const { session } = openLedger(folder);
  expect(seen).toEqual([[]]);
  expect(readdirSync(folder)).toEqual([`${session}.ndjson`]);
  expect(livingSessions(folder)).toEqual([{ session, pid: process.pid, work: [] }]);
});

test('what cannot be written down is not created; what cannot be struck out disturbs nobody', () => {
  const ledger = openLedger(folder);
  const strike = ledger.note('process', 'tare-x');
  rmSync(folder, { recursive: true });
  expect(() => ledger.note('process', 'tare-y')).toThrow(/write-failed/);
  expect(strike).not.toThrow();
  mkdirSync(folder);
});

test('half a line, as a full disk leaves it, does not swallow the next', () => {
  const ledger = openLedger(folder);
  const file = path.join(folder, `${ledger.session}.ndjson`);
  rmSync(folder, { recursive: true });
  expect(() => ledger.note('folder', '/tmp/x')).toThrow(/write-failed/);
  mkdirSync(folder);
  writeFileSync(file, '{"id":1,"kind":"fol');
  ledger.note('folder', '/tmp/y');
  expect(deadSessions(folder).dead[0]!.entries).toMatchObject([{ kind: 'folder', name: '/tmp/y' }]);
});

test('whoever starts Tare may have its names begin with a word of his own', () => {
  vi.stubEnv('TARE_SESSION_PREFIX', 'my-1 ../');
  expect(openLedger(folder).session).toMatch(/^my1[0-9a-f]{12}$/);
  vi.stubEnv('TARE_SESSION_PREFIX', undefined);
  expect(openLedger(folder).session).toMatch(/^[0-9a-f]{12}$/);
  vi.unstubAllEnvs();
});

test('work is told by the living alone, and only until it is struck out', async () => {
  const startedAt = '2026-01-01T12:00:00.000Z';
  const run = { kind: 'run', run: '20260101-120000-00ff', startedAt } as const;
  const pull = { kind: 'pullImage', startedAt } as const;
  const ledger = openLedger(folder);
  const strike = ledger.noteWork(run);
  ledger.noteWork(pull);
  expect(livingSessions(folder)).toMatchObject([{ session: ledger.session, work: [run, pull] }]);
  strike();
  expect(livingSessions(folder)).toMatchObject([{ work: [pull] }]);
  await deadList([{ id: 1, work: run }]);
  expect(livingSessions(folder)).toHaveLength(1);
  // nothing that must be removed: the sweep takes the list away with whatever it says
  expect(deadSessions(folder).dead).toMatchObject([{ session: 'dead', entries: [] }]);
});

test.each([
  'null',
  '5',
  '"x"',
  '[]',
  '{"id":1}',
  '{"id":0,"kind":"folder","name":"/tmp/x"}',
  '{"id":2,"kind":"moon","name":"x"}',
])('a line that is none is passed over: %s', async (line) => {
  const file = await deadList([{ id: 1, kind: 'process', name: 'tare-dead-vm-1' }]);
  appendFileSync(file, `${line}\n{"id":9,"kind":"process","name":"tare-dead-vm-2"}\n`);
  expect(deadSessions(folder)).toMatchObject({
    dead: [{ entries: [{ name: 'tare-dead-vm-1' }, { name: 'tare-dead-vm-2' }] }],
    refused: [],
  });
});

test('an entry without a name, which any process would fit, is none', async () => {
  await deadList([{ id: 1, kind: 'process', name: '' }]);
  expect(deadSessions(folder).dead).toMatchObject([{ entries: [] }]);
});

describe('what is called like a list and is not to be read', () => {
  const make: Record<string, (file: string) => void> = {
    EISDIR: (file) => mkdirSync(file),
    ELOOP: (file) => symlinkSync('/dev/null', file),
    'no-list': (file) => execFileSync('mkfifo', [file]), // opening it would wait for ever
    'too-large': (file) => {
      writeFileSync(file, '');
      truncateSync(file, 64 * 1024 ** 2 + 1);
    },
  };
  test.each(Object.keys(make))('%s', (reason) => {
    const file = path.join(folder, 'x.ndjson');
    make[reason]!(file);
    expect(deadSessions(folder)).toEqual({
      dead: [],
      refused: [{ code: 'list-refused', path: file, reason }],
    });
    expect(livingSessions(folder)).toEqual([]);
  });

  test('a name that no session has', () => {
    writeFileSync(path.join(folder, 'My list.ndjson'), '');
    expect(deadSessions(folder)).toMatchObject({ dead: [], refused: [{ reason: 'no-list' }] });
  });
});

test('a list that others may write, or that is another user’s, is told and not believed', async () => {
  const file = await deadList([{ id: 1, kind: 'process', name: 'tare-dead-vm-1' }]);
  chmodSync(file, 0o664);
  expect(deadSessions(folder)).toMatchObject({ dead: [], refused: [{ reason: 'others-may-write' }] });
  chmodSync(file, 0o644);
  expect(deadSessions(folder)).toMatchObject({ dead: [{ session: 'dead' }], refused: [] });
});

test.skipIf(process.geteuid?.() !== 0)(
  'a list of another user is not believed, but his work is seen',
  async () => {
    const file = await deadList([{ id: 1, kind: 'process', name: 'tare-dead-vm-1' }]);
    chownSync(file, 65534, 65534);
    expect(deadSessions(folder)).toMatchObject({ dead: [], refused: [{ reason: 'others-own' }] });
    const ledger = openLedger(folder);
    const work = { kind: 'pullImage', startedAt: '2026-01-01T12:00:00.000Z' } as const;
    ledger.noteWork(work);
    chownSync(path.join(folder, `${ledger.session}.ndjson`), 65534, 65534);
    expect(livingSessions(folder)).toMatchObject([{ session: ledger.session, work: [work] }]);
  },
);

test('nobody else may write a list, whatever the umask is', () => {
  const before = process.umask(0);
  try {
    const { session } = openLedger(folder);
    expect(lstatSync(path.join(folder, `${session}.ndjson`)).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(before);
  }
});
