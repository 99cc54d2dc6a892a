import { expect, test } from 'vitest';
import { mappings, parseSmaps } from '../../../../../main/engine/base/process/smaps';

const smaps = `7f0000000000-7f0010000000 rw-p 00000000 00:00 0
Size:             262144 kB
Rss:               81920 kB
Pss:               81920 kB
Pss_Dirty:         81920 kB
Shared_Clean:          0 kB
Private_Clean:         4 kB
Private_Dirty:     81916 kB
Anonymous:         81920 kB
KSM:                  12 kB
AnonHugePages:      2048 kB
Swap:                 16 kB
SwapPss:               8 kB
VmFlags: rd wr mr mw me ac
55d0c0000000-55d0c0200000 r-xp 00001000 08:01 1234                       /usr/bin/qemu system
Size:               2048 kB
Rss:                1024 kB
Pss:                 512 kB
`;
const kibibyte = 1024;

test('mappings keep size, shares, permissions, and a file with blanks in its name', () => {
  expect(parseSmaps(smaps)).toEqual([
    {
      sizeBytes: 256 * 1024 ** 2,
      residentBytes: 80 * 1024 ** 2,
      pssBytes: 80 * 1024 ** 2,
      pssDirtyBytes: 80 * 1024 ** 2,
      privateBytes: 80 * 1024 ** 2, // clean and dirty
      anonymousBytes: 80 * 1024 ** 2,
      mergedBytes: 12 * kibibyte,
      hugePageBytes: 2048 * kibibyte,
      swapBytes: 8 * kibibyte,
      permissions: 'rw-p',
      device: '00:00',
      inode: 0,
      name: '',
    },
    {
      sizeBytes: 2 * 1024 ** 2,
      residentBytes: 1024 * kibibyte,
      pssBytes: 512 * kibibyte,
      ...{ privateBytes: 0, anonymousBytes: 0, hugePageBytes: 0, swapBytes: 0 },
      permissions: 'r-xp',
      device: '08:01',
      inode: 1234,
      name: '/usr/bin/qemu system',
    },
  ]);
});

test('a process that does not exist has no mappings, rather than none', async () => {
  await expect(mappings(2 ** 22 + 1)).rejects.toMatchObject({ code: 'ENOENT' });
});
