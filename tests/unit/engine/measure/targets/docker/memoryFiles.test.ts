import { describe, expect, test } from 'vitest';
import {
  beyondMappings,
  memoryFiles,
  memoryFileSystems,
  ownFileSystems,
} from '../../../../../../main/engine/measure/targets/docker/memoryFiles';

const share = (shareBytes: number) => ({ bytes: 0, kind: 'shared' as const, written: true, shareBytes });

describe('what lies in memory beyond the shares that mappings tell', () => {
  const mapped = new Map([
    ['00:01 7', share(30)],
    ['00:01 70', share(5)],
    ['00:2e 1', share(10)],
    ['00:2e 2', share(2)],
  ]);

  test('is the rest of a memory file, and of a file system with all its files', () => {
    expect(beyondMappings({ mapped }, new Map([['00:01 7', 100]]))).toBe(70);
    expect(beyondMappings({ mapped }, new Map([['00:2e', 20]]))).toBe(8);
    expect(beyondMappings({ mapped }, new Map([['00:30', 4]]))).toBe(4);
    expect(beyondMappings({ mapped }, new Map())).toBe(0);
  });

  test('is less than nothing where two processes with one address space both tell all of it', () => {
    expect(beyondMappings({ mapped }, new Map([['00:01 7', 15]]))).toBe(-15);
  });
});

test('a file system in memory is a container’s own where nobody else sees it, or where its place is called after it', () => {
  const here = [
    '20 1 0:17 / /dev rw - devtmpfs udev rw',
    '23 1 0:28 / /run rw - tmpfs tmpfs rw',
    '90 1 0:46 / /var/lib/docker/containers/abc/mounts/shm rw - tmpfs shm rw',
    '91 1 0:47 / /var/lib/docker/containers/other/mounts/shm rw - tmpfs shm rw',
  ].join('\n');
  const there = [
    '130 126 0:42 / / rw - overlay overlay rw',
    '131 130 0:48 / /dev rw - tmpfs tmpfs rw',
    '132 131 0:46 / /dev/shm rw - tmpfs shm rw',
    '133 130 0:28 /secrets /run/secrets rw - tmpfs tmpfs rw',
    '134 130 0:48 /null /proc/kcore rw - tmpfs tmpfs rw',
    '135 130 0:300 / /tmp rw - tmpfs tmpfs rw',
  ].join('\n');
  expect(ownFileSystems(there, here, 'abc')).toEqual([
    { device: '00:30', point: '/dev' },
    { device: '00:2e', point: '/dev/shm' },
    { device: '00:12c', point: '/tmp' },
  ]);
});

test('a process that has ended has none', () => {
  const nobody = 2 ** 22 + 1; // beyond the highest pid Linux gives
  expect(memoryFiles([nobody])).toEqual(new Map());
  expect(memoryFileSystems(nobody, 'abc')).toEqual(new Map());
});
