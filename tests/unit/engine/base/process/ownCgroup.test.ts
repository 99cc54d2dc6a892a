import { expect, test } from 'vitest';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { openCgroup, placesIn, removeCgroup } from '../../../../../main/engine/base/process/ownCgroup';

const unified = '31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw';

test('a group is made below Tare’s own on cgroup v1', () => {
  const mountinfo = '31 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';
  expect(placesIn('4:memory:/user/tare\n0::/\n', mountinfo)).toEqual([
    { version: 1, folder: '/sys/fs/cgroup/memory/user/tare' },
  ]);
});

test('in the unified hierarchy the groups above are asked too, up to the mount', () => {
  expect(placesIn('0::/user.slice/session-3.scope\n', unified).map(({ folder }) => folder)).toEqual([
    '/sys/fs/cgroup/user.slice/session-3.scope',
    '/sys/fs/cgroup/user.slice',
    '/sys/fs/cgroup',
  ]);
  expect(placesIn('0::/\n', unified)).toEqual([{ version: 2, folder: '/sys/fs/cgroup' }]);
  expect(placesIn('', '')).toEqual([]);
});

test('one that the system refuses leaves nothing behind, not even in the ledger', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-cgroup-'));
  const ledger = openLedger(path.join(folder, 'ledger'));
  expect(openCgroup({ version: 2, folder: path.join(folder, 'nowhere') }, 'x', ledger)).toBeUndefined();
  ledger.close();
  expect(readdirSync(path.join(folder, 'ledger'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('one is removed, and one that is gone already is no failure', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-cgroup-'));
  const ledger = openLedger(path.join(folder, 'ledger'));
  const group = openCgroup({ version: 2, folder }, 'x', ledger)!;
  expect(existsSync(group.memory.folder)).toBe(true);
  await group.remove();
  await removeCgroup(group.memory.folder);
  expect(existsSync(group.memory.folder)).toBe(false);
  ledger.close();
  expect(readdirSync(path.join(folder, 'ledger'))).toEqual([]);
  rmSync(folder, { recursive: true });
});
