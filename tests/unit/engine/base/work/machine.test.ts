import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bootId, startTicks } from '../../../../../main/engine/base/process/proc';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { noteInBoth, openMachineLock } from '../../../../../main/engine/base/work/machine';
import { workUnderWay } from '../../../../../main/engine/base/work/underWay';

let folder: string;
beforeEach(() => (folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'tare-machine-')), 'lock')));
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

const startedAt = '2026-01-02T12:00:00.000Z';
const run = { kind: 'run', run: '20260102-120000-00ff', startedAt } as const;

test('what one Tare has under way every other sees, and itself it does not see', () => {
  const [one, other] = [openMachineLock(folder), openMachineLock(folder)];
  expect(other.others()).toEqual([]);
  const strike = one.enter(run);
  const pull = one.enter({ kind: 'pullImage', startedAt: '2026-01-02T11:00:00.000Z' });
  expect(one.others()).toEqual([]);
  expect(other.others()).toEqual([
    { kind: 'pullImage', pid: process.pid, startedAt: '2026-01-02T11:00:00.000Z' },
    { kind: 'run', pid: process.pid, startedAt },
  ]);
  strike();
  pull();
  expect(other.others()).toEqual([]);
  one.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('of two that begin at once each sees the other', () => {
  const [one, other] = [openMachineLock(folder), openMachineLock(folder)];
  one.enter(run);
  other.enter(run);
  expect([one.others().length, other.others().length]).toEqual([1, 1]);
});

test('one that was killed is in nobody’s way, and its list goes with the next that begins', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  openMachineLock(folder).enter(run); // so that the folder is there
  const owner = { owner: child.pid!, startTicks: startTicks(child.pid!)!, bootId: bootId() };
  const lines = [owner, { id: 1, work: { kind: 'buildKit', startedAt } }];
  writeFileSync(path.join(folder, 'other.ndjson'), lines.map((line) => JSON.stringify(line) + '\n').join(''));
  const here = openMachineLock(folder);
  const kinds = () => here.others().map(({ kind }) => kind);
  expect(kinds().sort()).toEqual(['buildKit', 'run']);

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(kinds()).toEqual(['run']);
  expect(readdirSync(folder)).toContain('other.ndjson');
  here.enter(run);
  expect(readdirSync(folder)).not.toContain('other.ndjson');
});

test('another user can read it and keep his own beside it, whatever the umask', () => {
  const before = process.umask(0o077);
  try {
    openMachineLock(folder).enter(run);
  } finally {
    process.umask(before);
  }
  const [list] = readdirSync(folder);
  expect(statSync(folder).mode & 0o7777).toBe(0o1777);
  expect(statSync(path.join(folder, list!)).mode & 0o777).toBe(0o644);
});

test('another user’s process that the system hides is taken for alive', () => {
  openMachineLock(folder).enter(run);
  const hidden = { owner: 2 ** 22 + 1, startTicks: 1, bootId: bootId() }; // no such number is ever given
  writeFileSync(
    path.join(folder, 'hidden.ndjson'),
    [hidden, { id: 1, work: { kind: 'buildKit', startedAt } }]
      .map((line) => JSON.stringify(line) + '\n')
      .join(''),
  );
  const kinds = () =>
    openMachineLock(folder)
      .others()
      .map(({ kind }) => kind);
  expect(kinds()).toEqual(['run']);
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('not yours'), { code: 'EPERM' });
  });
  expect(kinds().sort()).toEqual(['buildKit', 'run']);
  kill.mockRestore();
});

test('work that cannot be told to the machine does not stand in the data folder’s list either', () => {
  const data = path.join(path.dirname(folder), 'ledger');
  const ledger = openLedger(data);
  writeFileSync(folder, 'a file where the folder should be');
  expect(() => noteInBoth(run, ledger, openMachineLock(folder))).toThrow(/write-failed/);
  expect(workUnderWay(data, undefined)).toEqual([]);
  rmSync(folder);
  const machine = openMachineLock(folder);
  const strike = noteInBoth(run, ledger, machine);
  expect(workUnderWay(data, undefined)).toHaveLength(1);
  expect(openMachineLock(folder).others()).toHaveLength(1);
  strike();
  expect(workUnderWay(data, undefined)).toEqual([]);
  expect(openMachineLock(folder).others()).toEqual([]);
});
