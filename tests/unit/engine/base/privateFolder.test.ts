import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { isOfCache } from '../../../../main/engine/images/disk/cache';
import { isOfData } from '../../../../main/engine/base/paths';
import { keepPrivate } from '../../../../main/engine/base/privateFolder';

let place: string;
beforeEach(() => (place = mkdtempSync(path.join(os.tmpdir(), 'tare-private-'))));
afterEach(() => rmSync(place, { recursive: true }));

const modeOf = (folder: string): string => (statSync(folder).mode & 0o7777).toString(8);

/** A folder with these rights and things in it. */
function folder(mode: number, names: string[] = [], name = 'chosen'): string {
  const made = path.join(place, name);
  mkdirSync(made);
  for (const one of names) writeFileSync(path.join(made, one), '');
  chmodSync(made, mode);
  return made;
}

const refusal = (reason: string) =>
  expect.objectContaining({
    failure: expect.objectContaining({ code: 'folder-not-private', reason }) as object,
  }) as Error;

it('makes a folder that nobody else may enter, whatever the umask', () => {
  const made = path.join(place, 'a/tare');
  keepPrivate(made, () => false);
  expect(modeOf(made)).toBe('700');
});

it.each([
  ['that is called after it', folder.bind(null, 0o755, ['notes'], 'tare')],
  ['that is empty', folder.bind(null, 0o750, [])],
  ['with runs', folder.bind(null, 0o775, ['runs', 'notes'])],
  ['with trees', folder.bind(null, 0o755, ['trees'])],
  ['with a kit', folder.bind(null, 0o711, ['kit-0123456789ab'])],
])('closes an earlier Tare’s folder %s', (_, made) => {
  const own = made();
  keepPrivate(own, (name) => isOfData(name) || isOfCache(name));
  expect(modeOf(own)).toBe('700');
});

test.each([
  ['everybody may write in', 0o777, ['runs'], 'others-may-write'],
  ['everybody shares, as /tmp', 0o1777, [], 'others-may-write'],
  ['holds something else, as a home', 0o755, ['Documents'], 'not-tares-folder'],
])('a folder that %s is refused and stays as it is', (_, mode, names, reason) => {
  const other = folder(mode, names);
  expect(() => keepPrivate(other, isOfData)).toThrow(refusal(reason));
  expect(modeOf(other)).toBe(mode.toString(8));
});

test('one that holds other things serves where nobody else may look into it', () => {
  const other = folder(0o700, ['Documents']);
  expect(() => keepPrivate(other, isOfData)).not.toThrow();
});

test.runIf(process.geteuid?.() === 0)('another user’s is refused, whatever its rights', () => {
  const other = folder(0o700, ['runs']);
  chownSync(other, 65534, 65534);
  expect(() => keepPrivate(other, isOfData)).toThrow(refusal('others-own'));
});
