import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lend } from '../../../../../../main/engine/measure/targets/qemu/lent';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-lent-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, mode: number): string => {
  const made = path.join(folder, name);
  writeFileSync(made, name);
  chmodSync(made, mode);
  return made;
};
const lent = async (files: Record<string, 'read' | 'write' | 'as-it-is'>) => {
  const opened = await lend(new Map(Object.entries(files)));
  await opened.close();
  return opened;
};
const standing = (made: string) => {
  const { mode, uid, gid } = statSync(made);
  return { mode: (mode & 0o777).toString(8), uid, gid };
};
const own = { uid: process.getuid!(), gid: process.getgid!() };

it('calls each file by the descriptor that the machine has it by, and any other as it is', async () => {
  const [kernel, initrd] = [file('kernel', 0o644), file('initrd', 0o644)];
  const { descriptors, place } = await lent({ [kernel]: 'read', [initrd]: 'read' });
  expect(descriptors).toHaveLength(2);
  expect([kernel, initrd, '/bios'].map(place)).toEqual(['/proc/self/fd/6', '/proc/self/fd/7', '/bios']);
});

it('leaves a file as it is that everybody may read', async () => {
  const kernel = file('kernel', 0o644);
  await lent({ [kernel]: 'read' });
  expect(standing(kernel)).toEqual({ mode: '644', ...own });
});

it.runIf(own.uid === 0)(
  'lets the machines’ group alone into others, and write only to what is written',
  async () => {
    const [secret, memory, state] = [
      file('secret', 0o600),
      file('memory', 0o600),
      path.join(folder, 'state'),
    ];
    await lent({ [secret]: 'read', [memory]: 'write', [state]: 'write' });
    const gid = 1_900_000_000;
    expect(standing(secret)).toEqual({ mode: '640', uid: own.uid, gid });
    for (const one of [memory, state]) expect(standing(one)).toEqual({ mode: '660', uid: own.uid, gid });
    await lent({ [memory]: 'read' });
    expect(standing(memory)).toEqual({ mode: '640', uid: own.uid, gid });
  },
);

it('hands a person’s own file over without asking for rights of its own', async () => {
  const [kernel, disk] = [file('kernel', 0o644), file('disk', 0o600)];
  const { place, words } = await lent({ [kernel]: 'read', [disk]: 'as-it-is' });
  expect(place(disk)).toBe('/dev/fdset/7');
  expect(words).toEqual(['-add-fd', 'fd=7,set=7']);
  expect(standing(disk)).toEqual({ mode: '600', ...own });
});

it('fails where one of the files is not there', async () => {
  await expect(lent({ [path.join(folder, 'none')]: 'read' })).rejects.toMatchObject({ code: 'ENOENT' });
});
