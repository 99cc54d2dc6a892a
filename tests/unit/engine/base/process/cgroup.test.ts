import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  chargedTo,
  cpuMs,
  locateCgroup,
  processesOf,
  workingSetBytes,
} from '../../../../../main/engine/base/process/cgroup';

const fixtures = path.resolve(import.meta.dirname, '../../../../fixtures/cgroup');
const v1Id = '9daae070479079422b87835103b2d84e53080fdd06428cb0e3e37892794c039d';
const id = '4f1c7e0a9b2d4c6e8f0a1b3c5d7e9f10213243546576879809a1b2c3d4e5f607';

const text = (name: string, file: string) => readFileSync(path.join(fixtures, name, file), 'utf8');

/** A recorded host, its cgroup file system found among the fixtures. */
function recorded(name: string, container: string) {
  const mountinfo = text(name, 'mountinfo').replaceAll('/sys/fs/cgroup', path.join(fixtures, name, 'fs'));
  return locateCgroup(text(name, 'proc-pid-cgroup'), mountinfo, container)!;
}

test('a real container on cgroup v1', () => {
  const cgroup = recorded('v1', v1Id);
  expect(cgroup.memory.version).toBe(1);
  expect(workingSetBytes(cgroup)).toBe(466944 - 0); // usage_in_bytes less total_inactive_file
  expect(cpuMs(cgroup)).toBeCloseTo(26041422 / 1e6);
  expect(processesOf(cgroup)).toHaveLength(1);
});

describe.each(['v2-systemd', 'v2-cgroupfs', 'v2-rootless', 'v2-podman'])(
  'a container laid out as %s',
  (name) => {
    test('is read from the unified hierarchy', () => {
      const cgroup = recorded(name, id);
      expect(cgroup.memory).toEqual(cgroup.cpu);
      expect(cgroup.memory.version).toBe(2);
      expect(workingSetBytes(cgroup)).toBe(52310016 - 30277632);
      expect(cpuMs(cgroup)).toBe(187.342);
      expect(processesOf(cgroup)).toEqual([4123, 4170]);
    });
  },
);

test('on a hybrid host the controllers that v1 still has are read there', () => {
  const cgroup = locateCgroup(text('hybrid', 'proc-pid-cgroup'), text('hybrid', 'mountinfo'), id);
  expect(cgroup).toEqual({
    memory: { version: 1, folder: `/sys/fs/cgroup/memory/docker/${id}` },
    cpu: { version: 1, folder: `/sys/fs/cgroup/cpu,cpuacct/docker/${id}` },
  });
});

test('a hierarchy that is mounted from a folder of its own, as inside a container, is found below it', () => {
  const mountinfo = '31 24 0:27 /outer /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw';
  expect(locateCgroup(`0::/outer/docker/${id}`, mountinfo, id)?.memory.folder).toBe(
    `/sys/fs/cgroup/docker/${id}`,
  );
  expect(locateCgroup(`0::/other/docker/${id}`, mountinfo, id)).toBeUndefined();
});

test('blanks in a mount point are understood', () => {
  const mountinfo = '31 24 0:27 / /my\\040cgroups rw - cgroup2 cgroup2 rw';
  expect(locateCgroup(`0::/docker/${id}`, mountinfo, id)?.memory.folder).toBe(`/my cgroups/docker/${id}`);
});

test('a process that is not in the container is not taken for it', () => {
  // The engine runs in a virtual machine: its process numbers mean other processes here.
  expect(locateCgroup('0::/user.slice/session-3.scope', text('v2-systemd', 'mountinfo'), id)).toBeUndefined();
  expect(locateCgroup('', '', id)).toBeUndefined();
});

test('a counter that is not there is an error, not a zero', () => {
  const cgroup = recorded('v2-systemd', id);
  const nowhere = { ...cgroup, memory: { version: 2 as const, folder: '/nowhere' } };
  expect(() => workingSetBytes(nowhere)).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  const otherVersion = { ...cgroup, memory: { version: 1 as const, folder: cgroup.memory.folder } };
  expect(() => workingSetBytes(otherVersion)).toThrow();
  expect(processesOf(nowhere)).toEqual([]);
});

describe('what is charged to a group', () => {
  test('is told by the statistics of the unified hierarchy, its swap where that is counted', () => {
    expect(chargedTo(recorded('v2-systemd', id))).toEqual({
      anonymousBytes: 9347072,
      sharedMemoryBytes: 4096,
      kernelBytes: 1277952, // `kernel`; there are no socket buffers
      cacheBytes: 41680896 - 4096,
      mappedBytes: 9146368,
    });
    expect(chargedTo(recorded('v2-loaded', id))).toEqual({
      anonymousBytes: 157286400,
      sharedMemoryBytes: 50331648,
      swapBytes: 8388608,
      kernelBytes: 3000000 + 131072 + 409600 + 2160 + 16384 + 40960, // a kernel that tells no `kernel`
      cacheBytes: 117440512 - 50331648,
      mappedBytes: 60817408,
    });
  });

  test('is told by those of cgroup v1, kernel memory where it is counted', () => {
    expect(chargedTo(recorded('v1', v1Id))).toEqual({
      anonymousBytes: 53248,
      sharedMemoryBytes: 0,
      swapBytes: 0,
      cacheBytes: 0,
      mappedBytes: 0,
    });
    expect(chargedTo(recorded('v1-loaded', v1Id)).kernelBytes).toBe(684032);
  });
});
