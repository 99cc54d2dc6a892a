import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HostsFile } from '../../../../../main/contract/fleet/host';
import { hostCalls } from '../../../../../main/engine/base/settings/hosts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'tare-hosts-')), 'tare');
  file = path.join(folder, 'hosts.json');
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

const bench = { name: 'bench1', address: 'ssh://me@bench1:2222' };
const other = { name: 'arm', address: 'ssh://arm', program: '~/tare/tare' };

test('nothing is kept at first, and nothing is written by looking', async () => {
  expect(await hostCalls(folder).hosts({})).toEqual([]);
  expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
});

test('what is added is there for the next one who looks, until it is removed', async () => {
  const calls = hostCalls(folder);
  expect(await calls.addHost(bench)).toEqual([bench]);
  expect(await calls.addHost(other)).toEqual([bench, other]);
  expect(await hostCalls(folder).hosts({})).toEqual([bench, other]);
  expect(await calls.removeHost({ name: 'BENCH1' })).toEqual([other]);
  expect(await calls.removeHost({ name: 'bench1' })).toEqual([other]);
  expect(await calls.removeHost({ name: 'arm' })).toEqual([]);
  expect(await hostCalls(folder).hosts({})).toEqual([]);
});

test('one of the same name is replaced, however it is written', async () => {
  const calls = hostCalls(folder);
  await calls.addHost(bench);
  const moved = { name: 'Bench1', address: 'ssh://bench1.example' };
  expect(await calls.addHost(moved)).toEqual([moved]);
});

test('the file is one that can be given to a run, and nobody else may read it', async () => {
  await hostCalls(folder).addHost(bench);
  expect(HostsFile.parse(JSON.parse(readFileSync(file, 'utf8')))).toEqual({ hosts: [bench] });
  expect(statSync(folder).mode & 0o077).toBe(0);
});

test('a file that is no list of hosts is left as it is', async () => {
  mkdirSync(folder);
  const strange = '{"hosts":[{"name":"-o","address":"ssh://-oProxyCommand=id"}]}';
  writeFileSync(file, strange);
  chmodSync(folder, 0o700);
  const calls = hostCalls(folder);
  for (const asked of [() => calls.hosts({}), () => calls.addHost(bench)])
    await expect((async () => asked())()).rejects.toMatchObject({
      failure: { code: 'settings-invalid', path: file },
    });
  expect(readFileSync(file, 'utf8')).toBe(strange);
});
