import { expect, test } from 'vitest';
import {
  mappings,
  parseSmaps,
  processes,
  startTicks,
  statFields,
} from '../../../../main/engine/process/proc';
import { shareOf } from '../../../../main/engine/process/shares';

const smaps = `7f0000000000-7f0010000000 rw-p 00000000 00:00 0
Size:             262144 kB
Rss:               81920 kB
Pss:               81920 kB
Pss_Dirty:         81920 kB
55d0c0000000-55d0c0200000 r-xp 00001000 08:01 1234                       /usr/bin/qemu system
Size:               2048 kB
Pss:                 512 kB
`;

test('mappings keep size, share, permissions and a name with spaces', () => {
  expect(parseSmaps(smaps)).toEqual([
    { sizeBytes: 256 * 1024 ** 2, pssBytes: 80 * 1024 ** 2, permissions: 'rw-p', name: '' },
    { sizeBytes: 2 * 1024 ** 2, pssBytes: 512 * 1024, permissions: 'r-xp', name: '/usr/bin/qemu system' },
  ]);
});

test('the mappings of this process add up to its rollup', async () => {
  const [all, rollup] = await Promise.all([mappings(process.pid), shareOf(process.pid)]);
  const sum = all!.reduce((bytes, mapping) => bytes + mapping.pssBytes, 0);
  expect(Math.abs(sum - rollup!.pssBytes) / rollup!.pssBytes).toBeLessThan(0.1); // the heap moves between the two readings
});

test('a process that does not exist has no figures, rather than zeros', async () => {
  const nobody = 2 ** 22 + 1; // above the kernel's largest pid
  expect([startTicks(nobody), statFields(nobody)]).toEqual([undefined, undefined]);
  expect(await mappings(nobody)).toBeUndefined();
});

test('this process is listed with its arguments', () => {
  expect(processes().find(({ pid }) => pid === process.pid)?.words[0]).toContain('node');
});
