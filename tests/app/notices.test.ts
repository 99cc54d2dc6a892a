/** The notices that the build has written, held against what is really in the bundles. */
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { noticesFile, type Notice } from '../../main/contract/words/notices';
import { root } from '../support/window/app';
import { showPage } from '../support/window/pages';
import { serveToBrowser } from '../support/window/served';

const dist = path.join(root, 'dist');
const told = JSON.parse(readFileSync(path.join(dist, 'renderer', noticesFile), 'utf8')) as Notice[];
const names = new Set(told.map(({ name }) => name));

interface Bill {
  metadata: { component: { hashes: unknown } };
  components: { name: string; version: string; hashes?: unknown }[];
}

/** The packages of which lines are in a bundle, by its map: another witness than the one that wrote the notices. */
function packagesIn(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
}

it('has a notice of every package in the programs', () => {
  const maps = ['main', 'preload'].flatMap((bundle) =>
    readdirSync(path.join(dist, bundle))
      .filter((file) => file.endsWith('.map'))
      .map((file) => path.join(dist, bundle, file)),
  );
  const bundled = new Set(maps.flatMap(packagesIn));
  expect(bundled.size).toBeGreaterThan(40);
  expect([...bundled].filter((name) => !names.has(name))).toEqual([]);
});

it('has one of everything in the page, its fonts among it', () => {
  const assets = readdirSync(path.join(dist, 'renderer/assets'));
  expect(assets.some((file) => /^inter-.*\.woff2$/.test(file))).toBe(true);
  for (const name of ['svelte', 'chart.js', '@kurkle/color', 'zod', '@fontsource-variable/inter'])
    expect([...names]).toContain(name);
  expect([...names]).toContain('@resvg/resvg-wasm');
});

it('is the same list for people to open, each with its text', () => {
  const file = readFileSync(path.join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const { name, version, licence, text } of told) {
    expect(file).toContain(`\n${name} ${version}\nLicence: ${licence}\n`);
    expect(text.length, name).toBeGreaterThan(100);
    expect(file).toContain(text);
  }
});

it('is in the bill of materials of a package, with Electron and checksums, as CycloneDX wants it', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-sbom-'));
  try {
    const file = path.join(folder, 'tare.deb');
    writeFileSync(file, 'a package');
    execFileSync(process.execPath, [path.join(root, '.ci/sbom.js'), '33.2.1', file]);
    const bill = readFileSync(`${file}.cdx.json`, 'utf8');
    const { JsonStrictValidator } = Validation;
    expect(await new JsonStrictValidator(Spec.Version.v1dot6).validate(bill)).toBeNull();
    expect(
      await new JsonStrictValidator(Spec.Version.v1dot6).validate(bill.replace('MIT', 'MTI')),
    ).not.toBeNull();
    const { components, metadata } = JSON.parse(bill) as Bill;
    const sha256 = createHash('sha256').update('a package').digest('hex');
    expect(metadata.component.hashes).toEqual([{ alg: 'SHA-256', content: sha256 }]);
    const listed = components.map((one) => `${one.name} ${one.version}`);
    expect(listed).toContain('electron 33.2.1');
    expect(told.filter((one) => !listed.includes(`${one.name} ${one.version}`))).toEqual([]);
    expect(components.filter(({ name, hashes }) => !hashes && name !== 'electron')).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('is shown on the page About, which the settings lead to', async () => {
  await using served = await serveToBrowser();
  const { page, problems } = await served.visit();
  await showPage(page, { page: 'settings' });
  await page.locator('#main').getByRole('link', { name: 'About Tare' }).click();
  await page.getByText(`${told.length} packages of others`).waitFor();
  const { name, version, licence } = told.find((one) => one.name === 'chart.js')!;
  const entry = page.getByText(`${name} ${version}`, { exact: true });
  await entry.click();
  const item = page.getByRole('listitem').filter({ has: entry });
  expect(await item.innerText()).toContain(licence);
  await item.getByText('Permission is hereby granted').waitFor();
  expect(problems).toEqual([]);
});
