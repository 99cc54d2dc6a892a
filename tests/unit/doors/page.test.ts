import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pageFile } from '../../../main/doors/page';

const outside = mkdtempSync(path.join(os.tmpdir(), 'tare-page-'));
const folder = path.join(outside, 'renderer');
mkdirSync(path.join(folder, 'assets'), { recursive: true });
writeFileSync(path.join(outside, 'secret.js'), 'secret');
const page = '<h1>page</h1><script>begin()</script>';
writeFileSync(path.join(folder, 'index.html'), page);
writeFileSync(path.join(folder, 'assets/main.js'), 'main');
writeFileSync(path.join(folder, 'icon.svg'), '<svg/>');
afterAll(() => rmSync(outside, { recursive: true }));

it('serves the page with a policy that allows what stands in it, and neither other inline code nor eval', async () => {
  const file = await pageFile(folder, '/');
  expect(file?.bytes.toString()).toBe(page);
  const policy = file!.headers['content-security-policy']!;
  expect(policy).toContain("default-src 'none'");
  const hash = createHash('sha256').update('begin()').digest('base64');
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  await expect(pageFile(folder, '/assets/main.js')).resolves.toMatchObject({
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
});

it('lets a browser keep the icon, and nothing else', async () => {
  const kept = async (address: string) => (await pageFile(folder, address))!.headers['cache-control'];
  expect(await kept('/icon.svg')).toBe('private, max-age=3600');
  for (const address of ['/', '/assets/main.js']) expect(await kept(address)).toBe('no-store');
});

it.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/assets/..%2f..%2fsecret.js',
  '//secret.js',
  '/%',
  '/assets',
  '/none.js',
  '/a%00.js',
])('has nothing at %s', async (address) => {
  await expect(pageFile(folder, address)).resolves.toBeUndefined();
});

it('never leaves its folder, whatever is asked for', async () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    '\\',
    '/',
    '%5c',
    'secret.js',
    'renderer',
    '%00',
    'assets',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const file = await pageFile(folder, `/${pieces.join('/')}`);
      expect(file?.bytes.toString()).not.toBe('secret');
    }),
  );
});
