import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../../../../main/engine/process/proc';
import { insideView, splitMemory, vmMemory } from '../../../../../../main/engine/targets/qemu/machine/memory';

const mapping = (sizeBytes: number, pssBytes: number, permissions = 'rw-p', name = ''): Mapping => ({
  sizeBytes,
  pssBytes,
  permissions,
  name,
});
const guestBytes = 1 << 28;

describe("QEMU's memory", () => {
  const guest = mapping(guestBytes, 90);
  const code = mapping(1 << 30, 60, 'rwxp');
  const rest = [mapping(1 << 20, 7, 'r-xp', '/usr/bin/qemu'), mapping(1 << 22, 3, 'rw-p', '[heap]')];

  it('is the guest, translated code, and QEMU itself', () => {
    expect(splitMemory([rest[0]!, guest, code, rest[1]!], guestBytes)).toEqual({
      parts: [
        { part: 'guest-ram', bytes: 90 },
        { part: 'vmm', bytes: 10 },
        { part: 'translation', bytes: 60 },
      ],
      missing: [],
    });
  });

  it('has no translated code under KVM', () => {
    expect(splitMemory([guest, ...rest], guestBytes).parts.map(({ part }) => part)).toEqual([
      'guest-ram',
      'vmm',
    ]);
  });

  it('never takes a mapping that may not be written for the guest', () => {
    const decoy = mapping(guestBytes, 1, 'r--p', '/usr/lib/big');
    expect(splitMemory([decoy, guest], guestBytes).parts[0]).toEqual({ part: 'guest-ram', bytes: 90 });
  });

  it('says that the guest cannot be told apart instead of calling it 0', () => {
    const { parts, missing } = splitMemory(rest, guestBytes);
    expect(parts).toEqual([{ part: 'vmm', bytes: 10 }]);
    expect(missing.map(({ what }) => what)).toEqual(['guest-ram']);
  });

  it('is missing, with the reason, when the process is gone and the guest is silent', async () => {
    const memory = await vmMemory(2 ** 22 + 1, guestBytes, () => Promise.reject(new Error('gone')));
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
