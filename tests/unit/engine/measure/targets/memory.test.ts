import { describe, expect, test } from 'vitest';
import type { Charged } from '../../../../../main/engine/base/process/cgroup';
import type { ProcessMemory } from '../../../../../main/engine/base/process/memory';
import { addedUp, fileFigures, filePagesOf, ownOf } from '../../../../../main/engine/measure/targets/memory';

const charged: Charged = {
  ...{ anonymousBytes: 100, sharedMemoryBytes: 48, swapBytes: 5, kernelBytes: 7 },
  ...{ cacheBytes: 64, mappedBytes: 10 },
};
const file = (bytes: number, written = false) => ({ bytes, kind: 'file' as const, written, shareBytes: 0 });
const processes: ProcessMemory = {
  ...{ anonymousBytes: 90, sharedMemoryBytes: 4, swapBytes: 3, pageTableBytes: 2, stackBytes: 16 },
  mapped: new Map(),
  ...{ pssBytes: 94, sharedBytes: 0, hugePageBytes: 0 },
};
const denied = { reason: 'EACCES' };

describe('own memory by a control group', () => {
  test('is what is anonymous, in shared memory, in swap and in the kernel; no page of a file', () => {
    expect(ownOf(charged, denied)).toEqual({
      own: { bytes: 160 },
      inside: [
        { part: 'application', bytes: 148 },
        { part: 'swap', bytes: 5 },
        { part: 'kernel-memory', bytes: 7 },
      ],
      missing: [],
    });
  });

  test('takes from the processes what the group does not count, and names what nobody does', () => {
    const less = { ...charged, swapBytes: undefined, kernelBytes: undefined };
    expect(ownOf(less, processes)).toMatchObject({
      own: { bytes: 148 + 3 + 18 },
      missing: [{ what: 'kernel-slab', reason: 'not-counted' }],
    });
    expect(ownOf(less, denied).own).toEqual(denied);
  });
});

describe('pages of files', () => {
  const first = filePagesOf(
    { ...charged, cacheBytes: 64, mappedBytes: 64 },
    { ...processes, mapped: new Map([['a', file(64)]]) },
    0,
  );
  const later = filePagesOf(
    { ...charged, cacheBytes: 0, mappedBytes: 0 },
    { ...processes, mapped: new Map([['a', file(64)]]) },
    0,
  );

  test('are the same for the first who maps a file, on whose account they are, and for all others', () => {
    expect(fileFigures(first)).toEqual({ fileBytes: 64, sharedFileBytes: 64 });
    expect(fileFigures(later)).toEqual(fileFigures(first));
  });

  test('are its own where it wrote them', () => {
    const written = filePagesOf(charged, processes, 1000);
    expect(fileFigures(written)).toEqual({ fileBytes: 54, sharedFileBytes: 0 });
    const database = new Map([['b', file(30, true)]]);
    expect(fileFigures({ mapped: database, cachedBytes: 0, writtenBytes: 0 })).toEqual({
      fileBytes: 30,
      sharedFileBytes: 0,
    });
  });

  test('are no mapped shared memory, which a group counts among what is mapped', () => {
    const mapped = new Map([['shm', { bytes: 48, kind: 'shared' as const, written: true, shareBytes: 48 }]]);
    const found = filePagesOf({ ...charged, cacheBytes: 64, mappedBytes: 48 }, { ...processes, mapped }, 0);
    expect(fileFigures(found)).toEqual({ fileBytes: 64, sharedFileBytes: 64 });
  });
});

describe('a process without a group', () => {
  test('has what its root holds in memory, and the rest of the kernel’s memory is said to be missing', () => {
    expect(addedUp(processes, 1000, 'no-cgroup')).toMatchObject({
      own: { bytes: 90 + 4 + 3 + 18 + 1000 },
      files: { reason: 'no-cgroup' },
      missing: [{ what: 'kernel-slab', reason: 'no-cgroup' }],
    });
  });

  test('has no figure where its root cannot be looked at, or it cannot', () => {
    expect(addedUp(processes, undefined, 'no-cgroup').own).toEqual({ reason: 'ENODATA' });
    expect(addedUp(denied, 1000, 'no-cgroup').own).toEqual(denied);
  });
});
