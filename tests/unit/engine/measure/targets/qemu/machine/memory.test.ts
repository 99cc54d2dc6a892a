import { describe, expect, it } from 'vitest';
import { ownShare } from '../../../../../../../main/engine/base/process/memory';
import type { Mapping } from '../../../../../../../main/engine/base/process/smaps';
import {
  insideParts,
  insideView,
  splitMemory,
  vmMemory,
  wholeRam,
} from '../../../../../../../main/engine/measure/targets/qemu/machine/memory';

const mapping = (sizeBytes: number, residentBytes: number, permissions = 'rw-p', name = ''): Mapping => ({
  ...{ sizeBytes, residentBytes, pssBytes: residentBytes, privateBytes: residentBytes },
  ...{ anonymousBytes: name ? 0 : residentBytes, swapBytes: 0, hugePageBytes: 0 },
  ...{ permissions, device: name ? '08:01' : '00:00', inode: name ? name.length : 0, name },
});
const guestBytes = 1 << 28;
const split = (found: Mapping[]) =>
  splitMemory(found, [guestBytes], (one) => ownShare(one, { devices: new Set() }), 3);

describe("QEMU's memory", () => {
  const guest = mapping(guestBytes, 90);
  const code = mapping(1 << 30, 60, 'rwxp');
  const rest = [mapping(1 << 20, 700, 'r-xp', '/usr/bin/qemu'), mapping(1 << 22, 7, 'rw-p')];

  it('is the guest, translated code, and QEMU itself with its kernel memory; its program is a file', () => {
    expect(split([rest[0]!, guest, code, rest[1]!])).toEqual({
      parts: [
        { part: 'guest-ram', bytes: 90 },
        { part: 'vmm', bytes: 7 + 3 },
        { part: 'translation', bytes: 60 },
      ],
      missing: [],
    });
  });

  it('has no translated code under KVM', () => {
    expect(split([guest, ...rest]).parts.map(({ part }) => part)).toEqual(['guest-ram', 'vmm']);
  });

  it('has of a saved guest what was changed: the rest is a file’s', () => {
    const saved = { ...mapping(guestBytes, 90, 'rw-p', '/cache/memory'), anonymousBytes: 25 };
    expect(split([saved, ...rest]).parts[0]).toEqual({ part: 'guest-ram', bytes: 25 });
  });

  it('never takes a mapping that may not be written for the guest', () => {
    const decoy = mapping(guestBytes, 1, 'r--p', '/usr/lib/big');
    expect(split([decoy, guest]).parts[0]).toEqual({ part: 'guest-ram', bytes: 90 });
  });

  it('has of a guest that is plugged memory both mappings, also of one size, and not one of them alone', () => {
    const ownOf = ({ pssBytes }: Mapping) => pssBytes;
    const plugged = mapping(guestBytes, 33);
    const guestRam = (found: Mapping[], sizes: number[]) =>
      splitMemory(found, sizes, ownOf, 0).parts.find(({ part }) => part === 'guest-ram')?.bytes;
    expect(guestRam([guest, ...rest, plugged], [guestBytes, guestBytes])).toBe(90 + 33);
    expect(guestRam([guest, ...rest, mapping(1 << 27, 5)], [guestBytes, 1 << 27])).toBe(90 + 5);
    expect(guestRam([guest, ...rest], [guestBytes, guestBytes])).toBeUndefined();
  });

  it('says that the guest cannot be told apart instead of calling it 0', () => {
    const { parts, missing } = split(rest);
    expect(parts).toEqual([{ part: 'vmm', bytes: 10 }]);
    expect(missing.map(({ what }) => what)).toEqual(['guest-ram']);
  });

  it('is missing, with the reason, when the process is gone and the guest is silent', async () => {
    const memory = await vmMemory(2 ** 22 + 1, guestBytes, wholeRam(guestBytes), () =>
      Promise.reject(new Error('gone')),
    );
    expect(memory).toMatchObject({ reservedBytes: guestBytes, parts: [] });
    expect(memory.hostBytes).toBeUndefined();
    expect(memory.missing.map(({ what }) => what)).toEqual(['guest', 'host']);
  });
});

describe("the guest's own view", () => {
  it('is what is not available, and the cache without tmpfs', () => {
    const books = { MemTotal: 1000, MemAvailable: 700, Cached: 90, Buffers: 10, Shmem: 40 };
    expect(insideView(books)).toEqual({ guestUsedBytes: 300, guestCacheBytes: 60 });
  });

  it('leaves out what the kernel does not tell', () => {
    expect(insideView({ MemTotal: 1000 })).toEqual({});
    expect(insideView({ MemTotal: 1000, MemAvailable: 1000 })).toEqual({ guestUsedBytes: 0 });
  });
});

describe("what the guest's memory consists of", () => {
  const meminfo = {
    ...{ MemTotal: 950, AnonPages: 100, Shmem: 20, Cached: 70, Buffers: 10 },
    ...{ Slab: 30, KernelStack: 5, PageTables: 5 },
  };
  const parts = (touched: number, huge: number) =>
    Object.fromEntries(insideParts(meminfo, 1000, touched, huge).map(({ part, bytes }) => [part, bytes]));

  it('is all that was touched: what is in no account lies idle', () => {
    expect(parts(400, 0)).toEqual({
      'guest-application': 120,
      'guest-cache': 60,
      'guest-kernel': 40 + 50,
      'guest-idle': 400 - 120 - 60 - 90,
    });
  });

  it('is not idle where huge pages may have filled it up', () => {
    expect(parts(400, 100)).toMatchObject({ 'guest-huge': 100, 'guest-idle': 30 });
    expect(parts(400, 390)).toMatchObject({ 'guest-huge': 130, 'guest-idle': 0 });
  });

  it('is not told where the guest tells too little', () => {
    expect(insideParts({ MemTotal: 950 }, 1000, 400, 0)).toEqual([]);
  });
});
