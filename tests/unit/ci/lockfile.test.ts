import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-lockfile-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Entry = Record<string, unknown>;

/** The lock file that is here, with one package as it is not to be. */
function checked(change: (entry: Entry) => Entry) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  lock.packages['node_modules/zod'] = change(lock.packages['node_modules/zod']!);
  const file = path.join(folder, 'lock.json');
  writeFileSync(file, JSON.stringify(lock));
  return spawnSync(process.execPath, [path.join(root, '.ci/lockfile.js'), file], { encoding: 'utf8' });
}

it('takes the lock file that is here', () => {
  expect(checked((entry) => entry)).toMatchObject({ status: 0, stderr: '' });
  const fromRegistry = { resolved: 'https://registry.npmjs.org/zod/-/zod-4.6.7.tgz' };
  expect(checked((entry) => ({ ...entry, ...fromRegistry })).status).toBe(0);
});

it.each<[string, Entry, string]>([
  ['without a checksum', { integrity: undefined }, 'no checksum'],
  ['with a weak one', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'has no SHA-512'],
  ['from another host', { resolved: 'https://evil.example/zod.tgz' }, 'comes from https://evil.example'],
  ['in clear', { resolved: 'http://registry.npmjs.org/zod.tgz' }, 'comes from http://'],
  ['from git', { version: 'git+ssh://git@github.com/a/zod.git', integrity: undefined }, 'is no package'],
  ['of a folder', { link: true, resolved: '../zod' }, 'is no package'],
])('refuses a package %s', (_what, change, why) => {
  const { status, stderr } = checked((entry) => ({ ...entry, ...change }));
  expect(status).toBe(1);
  expect(stderr).toContain('node_modules/zod');
  expect(stderr).toContain(why);
});
