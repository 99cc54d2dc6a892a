import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  devicesIn,
  isRefused,
  mappedBytes,
  mappedByEither,
  memoryIn,
  memoryOf,
  ownBytes,
  ownShare,
  type ProcessMemory,
} from '../../../../../main/engine/base/process/memory';
import type { Mapping } from '../../../../../main/engine/base/process/smaps';

const none = {
  residentBytes: 0,
  pssBytes: 0,
  anonymousBytes: 0,
  privateBytes: 0,
  swapBytes: 0,
  hugePageBytes: 0,
};
const anonymous = { permissions: 'rw-p', device: '00:00', inode: 0, name: '' };
const file = (name: string, inode: number) => ({ permissions: 'r--p', device: '08:01', inode, name });
const mapping = (what: Partial<Mapping>): Mapping => ({ sizeBytes: 0, ...none, ...anonymous, ...what });

const status = 'VmPTE:\t      3 kB\nThreads:\t2\n';
const noDevices = { devices: new Set<string>() };
const memory = (found: Partial<Mapping>[], shared = noDevices) =>
  memoryIn(found.map(mapping), status, shared);
const nobody = 2 ** 22 + 1; // above the kernel's largest pid

describe('own memory of a process', () => {
  it('is anonymous memory, shared memory, swap, page tables and the stacks of its threads in the kernel', () => {
    const found = memory([
      { residentBytes: 100, pssBytes: 90, anonymousBytes: 100, swapBytes: 7, hugePageBytes: 40 },
      { ...file('/memfd:buffer (deleted)', 5), permissions: 'rw-s', residentBytes: 60, pssBytes: 30 },
    ]);
    expect(found).toMatchObject({
      anonymousBytes: 90,
      sharedMemoryBytes: 30,
      swapBytes: 7,
      hugePageBytes: 40,
    });
    expect(ownBytes(found)).toBe(90 + 30 + 7 + 3 * 1024 + 2 * 16 * 1024);
  });

  it('has no pages of files, which are told in full whoever else maps them', () => {
    const found = memory([
      { ...file('/lib/c', 1), residentBytes: 50, pssBytes: 1 },
      { ...file('/lib/c', 1), permissions: 'r-xp', residentBytes: 30, pssBytes: 1 },
    ]);
    expect(found).toMatchObject({ anonymousBytes: 0, sharedMemoryBytes: 0, pssBytes: 2 });
    expect(mappedBytes(found.mapped, 'file')).toBe(80);
  });

  it('has what it changed of a file for itself alone, by its share where forks have the same', () => {
    const data = { ...file('/bin/app', 2), permissions: 'rw-p', residentBytes: 100, anonymousBytes: 60 };
    const alone = memory([{ ...data, pssBytes: 80 }]);
    expect(alone.anonymousBytes).toBe(60);
    expect(mappedBytes(alone.mapped, 'file')).toBe(40);
    expect(memory([{ ...data, pssBytes: 50, pssDirtyBytes: 30 }]).anonymousBytes).toBe(30);
  });

  it('has what it maps of a file system in memory, but not what is weighed with its root', () => {
    const shm = { ...file('/dev/shm/x', 3), device: '00:2f', residentBytes: 20, pssBytes: 20 };
    const shared = { devices: new Set(['00:2f']), isInRoot: (name: string) => name === '/written' };
    const found = memory([shm, { ...file('/written', 4), residentBytes: 70, pssBytes: 70 }], shared);
    expect(found.sharedMemoryBytes).toBe(20);
    expect([mappedBytes(found.mapped, 'shared'), mappedBytes(found.mapped, 'file')]).toEqual([90, 0]);
  });

  it('does not count a page twice that is changed in a private mapping of memory', () => {
    const saved = { ...file('/dev/shm/ram', 3), device: '00:2f', permissions: 'rw-p' };
    const one = mapping({ ...saved, residentBytes: 100, pssBytes: 90, anonymousBytes: 40 });
    expect(ownShare(one, { devices: new Set(['00:2f']) })).toBe(90);
  });

  it('has none of the pages that the kernel maps into every process', () => {
    expect(
      memory([{ name: '[vdso]', permissions: 'r-xp', residentBytes: 8, pssBytes: 8 }]).anonymousBytes,
    ).toBe(0);
  });

  it('tells merged pages only where the kernel does', () => {
    expect(memory([{}])).not.toHaveProperty('mergedBytes');
    expect(memory([{ mergedBytes: 12 }, {}]).mergedBytes).toBe(12);
  });
});

describe('several processes', () => {
  it('have a file once: as much of it as one of them has, while their shares of it add up', () => {
    const of = (bytes: number, written = false, shareBytes = 1) => ({
      ...{ bytes, kind: 'file' as const, written, shareBytes },
    });
    const both = mappedByEither(
      new Map([['a', of(5)]]),
      new Map([
        ['a', of(3, true)],
        ['b', of(2)],
      ]),
    );
    expect(Object.fromEntries(both)).toEqual({ a: of(5, true, 2), b: of(2) });
  });

  it('such as this one and its parent have more than this one alone', async () => {
    const [own, both] = [await memoryOf([process.pid]), await memoryOf([process.pid, process.ppid])];
    if (isRefused(own) || isRefused(both)) throw new Error('this process cannot be read');
    expect(ownBytes(both)).toBeGreaterThan(ownBytes(own));
    expect(own.sharedBytes).toBeGreaterThan(0); // its libraries are those of others
    expect(own.sharedBytes).toBeLessThan(own.pssBytes);
  });

  it('that have all ended have no figure, rather than 0', async () => {
    expect(await memoryOf([nobody])).toEqual({ reason: 'ESRCH' });
    expect(await memoryOf([])).toEqual({ reason: 'ESRCH' });
  });
});

it('adds this process up to what the kernel says of it', async () => {
  const own = (await memoryOf([process.pid])) as ProcessMemory;
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const kernels = Number(/^Pss_Anon: +(\d+) kB$/m.exec(rollup)![1]) * 1024;
  expect(Math.abs(own.anonymousBytes / kernels - 1)).toBeLessThan(0.1); // the heap moves between the two readings
});

it('knows the file systems in memory by their devices, as mappings write them', () => {
  const mountinfo = `22 1 254:0 / / rw - ext4 /dev/root rw
40 22 0:37 / /dev/shm rw,nosuid shared:4 - tmpfs tmpfs rw
41 22 0:300 / /tmp rw - tmpfs tmpfs rw
`;
  expect([...devicesIn(mountinfo)]).toEqual(['00:25', '00:12c']);
});
