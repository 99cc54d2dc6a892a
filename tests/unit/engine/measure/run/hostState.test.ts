import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Environment, HostState } from '../../../../../main/contract/run/run';
import { neighbours } from '../../../../../main/engine/base/process/neighbours';
import { parseOpenFiles } from '../../../../../main/engine/base/process/limits';
import { changesBetween, ChangesSeen } from '../../../../../main/engine/measure/run/changes';
import { hostState } from '../../../../../main/engine/measure/run/hostState';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder that looks like /sys. */
function sysWith(files: Record<string, string>): string {
  const sys = mkdtempSync(path.join(os.tmpdir(), 'tare-sys-'));
  folders.push(sys);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(sys, name)), { recursive: true });
    writeFileSync(path.join(sys, name), `${text}\n`);
  }
  return sys;
}
const memory = () => Promise.resolve({ total: 8, available: 6, swaptotal: 2, swapused: 1 });

test('what the kernel was told about memory is read as it stands', async () => {
  const sys = sysWith({
    'kernel/mm/transparent_hugepage/enabled': 'always [madvise] never',
    'kernel/mm/transparent_hugepage/defrag': 'always defer [defer+madvise] madvise never',
    'module/zswap/parameters/enabled': 'Y',
    'kernel/mm/ksm/run': '0',
    'kernel/mm/lru_gen/enabled': '0x0007',
    'kernel/mm/damon/admin/kdamonds/nr_kdamonds': '1',
    'kernel/mm/damon/admin/kdamonds/0/state': 'on',
  });
  expect(await hostState({ sys, memory })).toMatchObject({
    hugePages: 'madvise',
    hugePagesDefrag: 'defer+madvise',
    zswap: true,
    ksm: false,
    generations: true,
    damon: true,
    swapBytes: 2,
    swapUsedBytes: 1,
  });
});

test.each<{ what: string; files: Record<string, string>; is: boolean }>([
  { what: 'a thread that is off', files: { 'kernel/mm/damon/admin/kdamonds/0/state': 'off' }, is: false },
  {
    what: 'a module that gives memory back',
    files: { 'module/damon_reclaim/parameters/enabled': 'Y' },
    is: true,
  },
  { what: 'a module that is off', files: { 'module/damon_reclaim/parameters/enabled': 'N' }, is: false },
])('DAMON works or not: $what', async ({ files, is }) => {
  expect((await hostState({ sys: sysWith(files), memory })).damon).toBe(is);
});

test('what the system does not tell is absent, and neither off nor 0', async () => {
  const unread = () => Promise.resolve({ total: 0, available: 0, swaptotal: 0, swapused: 0 });
  const state = await hostState({ sys: sysWith({}), memory: unread });
  for (const name of ['hugePages', 'zswap', 'ksm', 'generations', 'damon', 'swapBytes', 'swapUsedBytes'])
    expect(state).not.toHaveProperty(name);
});

test('containers are counted by what stands beside each, machines by their monitors', () => {
  const words = [
    ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby'],
    ['/usr/bin/conmon', '--api-version', '1'],
    ['qemu-system-x86_64', '-name', 'guest'],
    ['/usr/bin/qemu-img', 'create'],
    ['/opt/firecracker', '--no-api'],
    ['containerd'],
  ];
  const all = words.map((line, at) => ({ pid: at + 1, words: line }));
  expect(neighbours(all)).toEqual({ containers: 2, machines: 2 });
  expect(neighbours([])).toBeUndefined();
});

test('the limits of open files are read; one without a limit has no figure', () => {
  const limits = (soft: string, hard: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${soft}                 ${hard}               files\n`;
  expect(parseOpenFiles(limits('1024', '524288'))).toEqual({ soft: 1024, hard: 524_288 });
  expect(parseOpenFiles(limits('1024', 'unlimited'))).toEqual({ soft: 1024 });
  expect(parseOpenFiles(limits('unlimited', 'unlimited'))).toEqual({});
  expect(parseOpenFiles('')).toEqual({});
});

test('changes are what is another value than before, and what can no longer be told', () => {
  const before: HostState = { hugePages: 'never', ksm: false, containers: 0, swapUsedBytes: 0 };
  expect(changesBetween(before, before, 5)).toEqual([]);
  const now: HostState = { hugePages: 'always', containers: 2, swapUsedBytes: 1024 };
  expect(changesBetween(before, now, 5)).toEqual([
    { atMs: 5, what: 'hugePages', from: 'never', to: 'always' },
    { atMs: 5, what: 'ksm', from: false, to: null },
    { atMs: 5, what: 'containers', from: 0, to: 2 },
  ]);
});

test('a run keeps each change once, against its start, and swap that grows slowly too', async () => {
  const mebibyte = 1024 ** 2;
  const states: HostState[] = [
    { hugePages: 'never', swapUsedBytes: 0 },
    { hugePages: 'always', swapUsedBytes: 10 * mebibyte },
    { hugePages: 'always', swapUsedBytes: 20 * mebibyte },
    { hugePages: 'always', swapUsedBytes: 30 * mebibyte },
  ];
  const environment: Environment = {
    ...{ tareVersion: '0', images: [], commands: [], missing: [] },
    host: { ...states[0], cores: 2 },
  };
  const seen = new ChangesSeen(() => Promise.resolve(states.shift()!));
  for (const atMs of [0, 1, 2, 3]) await seen.look(environment, atMs);
  expect(environment.changes).toEqual([
    { atMs: 1, what: 'hugePages', from: 'never', to: 'always' },
    { atMs: 2, what: 'swapUsedBytes', from: 0, to: 20 * mebibyte },
  ]);
});
