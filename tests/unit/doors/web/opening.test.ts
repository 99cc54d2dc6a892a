import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openInBrowser } from '../../../../main/doors/web/opening';

const url = 'http://127.0.0.1:4170/#token=s3cr3t';

let runtimeFolder: string;
beforeEach(() => {
  runtimeFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-runtime-'));
});
afterEach(() => rmSync(runtimeFolder, { recursive: true }));

it('gives the browser a file that only this user can read, and no token in its words', async () => {
  const opened: string[] = [];
  await openInBrowser(url, { XDG_RUNTIME_DIR: runtimeFolder }, (file) => opened.push(file));
  const [file] = opened as [string];
  expect(path.dirname(path.dirname(file))).toBe(runtimeFolder);
  expect(file).not.toContain('s3cr3t');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readFileSync(file, 'utf8')).toContain(`content="0;url=${url}"`);
});

it('leaves nothing behind', async () => {
  const opened: string[] = [];
  const forget = await openInBrowser(url, { XDG_RUNTIME_DIR: runtimeFolder }, (file) => opened.push(file));
  await forget();
  expect(existsSync(path.dirname(opened[0]!))).toBe(false);
});

it.each([{}, { XDG_RUNTIME_DIR: '/nonexistent' }])('finds another place with %j', async (environment) => {
  const opened: string[] = [];
  const forget = await openInBrowser(url, environment, (file) => opened.push(file));
  expect(statSync(path.dirname(opened[0]!)).mode & 0o777).toBe(0o700);
  await forget();
});

it('writes an address into the page as text, whatever it holds', async () => {
  const opened: string[] = [];
  const forget = await openInBrowser('http://h/#"><script>', {}, (file) => opened.push(file));
  expect(readFileSync(opened[0]!, 'utf8')).not.toContain('<script>');
  await forget();
});
