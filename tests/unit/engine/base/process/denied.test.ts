/** Programs that fail on a computer where AppArmor enforces rules: a folder stands for that computer's root. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { notStarted, runProgram } from '../../../../../main/engine/base/process/child';
import type * as accessControl from '../../../../../main/engine/base/process/accessControl';

const confined = vi.hoisted(() => ({ root: '' }));
vi.mock('../../../../../main/engine/base/process/accessControl', async (original) => {
  const { accessDenied } = await original<typeof accessControl>();
  const asker = () => ({ root: confined.root, uid: 0, gids: [0] });
  return { accessDenied: (program: string, said: string) => accessDenied(program, said, asker()) };
});

confined.root = mkdtempSync(path.join(os.tmpdir(), 'tare-mac-'));
mkdirSync(path.join(confined.root, 'proc/self/attr'), { recursive: true });
writeFileSync(path.join(confined.root, 'proc/self/attr/current'), 'tare (enforce)\n');
afterAll(() => rmSync(confined.root, { recursive: true }));

const denied = { code: 'access-denied', control: 'AppArmor', label: 'tare (enforce)' };

it('one that was refused something names AppArmor, beside its own words', async () => {
  const script = 'echo "mkfs: cannot open /cache/disk: Permission denied" >&2; exit 1';
  await expect(runProgram('sh', ['-c', script])).rejects.toMatchObject({
    failure: {
      ...denied,
      program: 'sh',
      output: expect.stringContaining('/cache/disk: Permission denied') as string,
    },
  });
});

it('one that may not even be started does too', () => {
  const refused = Object.assign(new Error('spawn /usr/bin/qemu EACCES'), { code: 'EACCES' });
  expect(notStarted('/usr/bin/qemu', refused)).toMatchObject({
    failure: { ...denied, program: '/usr/bin/qemu' },
  });
});

it('one that fails for another reason does not', async () => {
  await expect(runProgram('sh', ['-c', 'echo "bad option" >&2; exit 2'])).rejects.toMatchObject({
    failure: { code: 'program-failed', exit: 'exit 2' },
  });
});
