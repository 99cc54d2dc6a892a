/**
 * Which packages are in the bundles, told by the bundler itself, and the licences and notices that lie in those packages: what the build
 * writes as dist/THIRD-PARTY-NOTICES.txt, and for the page. A licence that nobody has looked at yet fails the build.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { noticesFile, type Notice } from '../main/contract/words/notices.ts';

const root = path.resolve(import.meta.dirname, '..');

/** What may be bundled into a program under the MIT licence, by SPDX: each asks for its text, MPL-2.0 also for where its source is. */
const allowed = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'],
  ...['Apache-2.0', 'MPL-2.0', 'OFL-1.1'],
]);

/** Whether an expression of SPDX, such as `MIT AND OFL-1.1`, leaves a way to use the package by licences that are allowed. */
export const isAllowed = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((way) => way.split(' AND ').every((id) => allowed.has(id)));

/** Where a bundler's module comes from; undefined for one of ours, and for what the bundler makes itself. */
export function packageFolder(module: string): string | undefined {
  // behind the last one: a package may lie in another one's folder
  const found = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/?]+)\//.exec(module.replaceAll('\\', '/'));
  return found?.[1];
}

const listed = 'bundled-packages.json';

/** Lists the folders of all packages of which something is in a bundle: code, styles, fonts and programs alike. */
export function bundledPackages(): Plugin {
  return {
    name: 'tare:bundled-packages',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) =>
        part.type === 'chunk' ? part.moduleIds : part.originalFileNames,
      );
      const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
      const places = [...folders].map((folder) =>
        path.relative(root, path.resolve(root, 'renderer', folder)),
      );
      this.emitFile({ type: 'asset', fileName: listed, source: JSON.stringify(places.sort()) });
    },
  };
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name: string };
  repository?: string | { url: string };
}

/** Of packages that bring no copy of their licence. */
const standardTexts: Record<string, (manifest: Manifest) => string> = {
  ISC: ({ author }) => `Copyright (c) ${typeof author === 'string' ? author : author?.name}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that
the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES
OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR
ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS
ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
  // whole and as it is, in a package that the tests use
  'MPL-2.0': () => readFileSync(path.join(root, 'node_modules/axe-core/LICENSE'), 'utf8').trim(),
};

/** What is told of the package in a folder. @throws Error when its licence is not allowed, or its text is nowhere */
export function noticeOf(folder: string): Notice {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license: licence = 'none', repository } = manifest;
  if (!isAllowed(licence))
    throw new Error(
      `${name} ${version} would be bundled under ${licence}, which .ci/notices.ts does not allow`,
    );
  const source = typeof repository === 'string' ? repository : repository?.url;
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const text = texts.length > 0 ? texts.join('\n\n') : standardTexts[licence]?.(manifest);
  if (text === undefined) throw new Error(`${name} ${version} has no copy of its licence ${licence}`);
  return { name, version, licence, ...(source !== undefined && { source }), text };
}

const rule = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * Writes the notices of all bundles, the same ones each time.
 * @param bundles  the folders in dist that were built with `bundledPackages`
 * @throws Error when a licence is not allowed, or its text is nowhere
 */
export function writeNotices(bundles: readonly string[]): void {
  const lists = bundles.map((bundle) => path.join(root, bundle, listed));
  const places = new Set(lists.flatMap((list) => JSON.parse(readFileSync(list, 'utf8')) as string[]));
  for (const list of lists) rmSync(list);
  const notices = [...places].map((place) => noticeOf(path.join(root, place)));
  const called = ({ name, version }: Notice) => `${name} ${version}`;
  // a package may lie here in several places
  const each = [...new Map(notices.map((one) => [called(one), one])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const sections = each.map(([title, { licence, source, text }]) =>
    [`${title}\nLicence: ${licence}${source ? `\nSource: ${source}` : ''}`, text].join('\n\n'),
  );
  const top = 'Tare contains these packages. Electron and Chromium have files of their own.';
  writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), [top, ...sections].join(rule) + '\n');
  const forPage = JSON.stringify(each.map(([, notice]) => notice));
  writeFileSync(path.join(root, 'dist/renderer', noticesFile), forPage);
}
