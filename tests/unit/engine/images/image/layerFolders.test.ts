import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layerFolders } from '../../../../../main/engine/images/image/layerFolders';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-layers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const engine = (GraphDriver?: unknown): Docker =>
  ({
    getImage: () => ({ inspect: () => Promise.resolve({ Id: 'sha256:0', GraphDriver }) }),
  }) as unknown as Docker;
const overlay = (upper: string, lower?: string) =>
  engine({ Name: 'overlay2', Data: { UpperDir: upper, ...(lower && { LowerDir: lower }) } });

test('the topmost layer comes first, and those below it are apart', async () => {
  expect(await layerFolders(overlay(folder, `${folder}:${folder}`), 'x')).toEqual([folder, folder, folder]);
  expect(await layerFolders(overlay(folder), 'x')).toEqual([folder]);
});

test.each([
  ['containerd’s store tells of none', () => engine({ Name: 'overlayfs', Data: null })],
  ['nor does an engine without the field', () => engine()],
  ['a folder that is not on this computer', () => overlay('/nowhere/at/all')],
  ['one of several that is not', () => overlay(folder, '/nowhere/at/all')],
  ['no whole path', () => overlay('.')],
])('%s: no start can be cold', async (_, docker) => {
  await expect(layerFolders(docker(), 'x')).rejects.toMatchObject({
    failure: { code: 'not-cold', reason: 'cold-store' },
  });
});
