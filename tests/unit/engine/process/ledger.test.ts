import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deadSessions, openLedger } from '../../../../main/engine/process/ledger';
import { bootId, startTicks } from '../../../../main/engine/process/proc';

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
  expect(deadSessions(folder)).toEqual([]); // still alive: nobody may sweep it
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
  expect(deadSessions(folder)).toMatchObject([
    { session: 'dead', entries: [{ kind: 'container', name: 'tare-dead-web-1', session: 'dead' }] },
  ]);
});

test('a torn last line is ignored: the thing it would name was never created', async () => {
  const file = await deadList([{ id: 1, kind: 'process', name: 'tare-dead-vm-1' }]);
  appendFileSync(file, '{"id":2,"kind":"cont');
  expect(deadSessions(folder)[0]!.entries).toHaveLength(1);
});

test('the list of a living session is never offered for sweeping', () => {
  openLedger(folder).note('container', 'tare-x');
  expect(deadSessions(folder)).toEqual([]);
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
