import type { App } from 'electron';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fileOpenings, openRecord, recordNamed } from '../../../../main/doors/desktop/openFile';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

it('opens a record for the page to show, and says why another file is none', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tare-open-'));
  const file = path.join(folder, 'run.json');
  const run = fakeRecord();
  writeFileSync(file, JSON.stringify(run));
  await expect(openRecord(fakeEngine(), file)).resolves.toEqual({
    kind: 'opened',
    opened: { record: run },
  });
  writeFileSync(file, '{ "schemaVersion": 99 }');
  await expect(openRecord(fakeEngine(), file)).resolves.toMatchObject({
    kind: 'failed',
    failure: { code: 'run-too-new', path: 'run.json' },
  });
  const absent = path.join(folder, 'absent.json');
  await expect(openRecord(fakeEngine(), absent)).resolves.toEqual({
    kind: 'failed',
    failure: { code: 'run-unreadable', path: absent, reason: 'ENOENT' },
  });
  rmSync(folder, { recursive: true });
});

it.each([
  [['/opt/Tare/tare-desktop', 'run.json'], '/work/run.json'],
  [['/opt/Tare/tare-desktop', '--no-sandbox', '/a/b.json'], '/a/b.json'],
  [['/opt/Tare/tare-desktop', '--flag=x.json'], undefined],
  [['tare.json'], undefined],
])('finds the record in %j', (words, found) => expect(recordNamed(words, '/work')).toBe(found));

it('keeps what the system asks to open until there is a window, and passes it on from then on', () => {
  const app = new EventEmitter();
  const files = fileOpenings(app as unknown as App);
  let held = 0;
  const ask = (file: string) => app.emit('open-file', { preventDefault: () => held++ }, file);
  ask('/early.json');
  const opened: string[] = [];
  files.to((file) => opened.push(file));
  ask('/later.json');
  expect(opened).toEqual(['/early.json', '/later.json']);
  expect(held).toBe(2);
});
