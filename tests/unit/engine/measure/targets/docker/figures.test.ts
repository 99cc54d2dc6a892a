import { describe, expect, test } from 'vitest';
import {
  helperCpuMs,
  ownByStatus,
  engineMemory,
  findHelperProcesses,
} from '../../../../../../main/engine/measure/targets/docker/helperProcesses';
import { cpuMs } from '../../../../../../main/engine/base/process/cpu';
import { account, withOutside } from '../../../../../../main/engine/measure/targets/docker/memoryAccounts';
import type { GroupMemory } from '../../../../../../main/engine/measure/targets/memory';
import {
  isOfOthersToo,
  statisticsCpuMs,
  statisticsWorkingSetBytes,
} from '../../../../../../main/engine/measure/targets/docker/statistics';

describe('the parts of a container', () => {
  const denied = { reason: 'EACCES' };
  const mapped = new Map([['08:01 1', { bytes: 40, kind: 'file' as const, written: false, shareBytes: 0 }]]);
  const processes = {
    ...{ anonymousBytes: 0, sharedMemoryBytes: 0, swapBytes: 0, pageTableBytes: 1, stackBytes: 0 },
    ...{ mapped, pssBytes: 9, sharedBytes: 3, hugePageBytes: 0, mergedBytes: 1 },
  };
  const group: GroupMemory = {
    own: { bytes: 10 },
    inside: [{ part: 'application', bytes: 10 }],
    processes,
    files: { mapped, cachedBytes: 6, writtenBytes: 2 },
    missing: [],
  };
  const helper = (bytes: number, file: string) => ({
    bytes,
    mapped: new Map([[file, { bytes: 100, kind: 'file' as const, written: false, shareBytes: 0 }]]),
  });

  test('add up to its own memory; pages of files are counted once, whoever maps them', () => {
    const memory = account(group, { shim: helper(5, '08:01 2'), proxies: helper(2, '08:01 2') });
    expect(memory).toEqual({
      hostBytes: 17,
      fileBytes: 40 + 100 + 6,
      sharedFileBytes: 40 + 100 + 6 - 2,
      ...{
        pssBytes: 9,
        filePssBytes: 9,
        sharedBytes: 3,
        mergedBytes: 1,
        hugePageBytes: 0,
        pageTableBytes: 1,
      },
      inside: [{ part: 'application', bytes: 10 }],
      parts: [
        { part: 'workload', bytes: 10 },
        { part: 'shim', bytes: 5 },
        { part: 'proxies', bytes: 2 },
      ],
      missing: [],
    });
  });

  test('that may not be read are named, and then there is no sum', () => {
    const memory = account({ ...group, processes: denied, files: denied }, { shim: denied });
    expect(memory).toEqual({
      inside: group.inside,
      parts: [{ part: 'workload', bytes: 10 }],
      missing: [
        { what: 'shim', reason: 'EACCES' },
        { what: 'pssBytes', reason: 'EACCES' },
        { what: 'fileBytes', reason: 'EACCES' },
      ],
    });
  });

  test('that were worked out otherwise are counted, and it is told that their mappings could not be read', () => {
    const memory = account(group, { shim: { bytes: 5, instead: 'EACCES' } });
    expect(memory.hostBytes).toBe(15);
    expect(memory).not.toHaveProperty('fileBytes');
    expect(memory.missing).toEqual([
      { what: 'shim-mappings', reason: 'EACCES' },
      { what: 'fileBytes', reason: 'EACCES' },
    ]);
  });

  test('have on the workload’s account what its runtime runs outside of its group', () => {
    const gofer = helper(3, '08:01 3');
    const memory = account(withOutside(group, gofer), { shim: helper(5, '08:01 2') });
    expect(memory).toMatchObject({
      hostBytes: 10 + 3 + 5,
      fileBytes: 40 + 100 + 100 + 6,
      inside: [{ part: 'application', bytes: 10 + 3 }],
    });
    expect(withOutside(group, { bytes: 3, instead: 'EACCES' })).toMatchObject({
      own: { bytes: 13 },
      files: denied,
      missing: [{ what: 'workload-mappings', reason: 'EACCES' }],
    });
    expect(withOutside(group, denied)).toMatchObject({ own: denied, inside: [], files: denied });
    expect(withOutside({ ...group, own: denied }, gofer).own).toEqual(denied);
  });

  test('without the workload have no sum', () => {
    const memory = account({ ...group, own: { reason: 'ENOENT' } }, { shim: helper(5, '08:01 2') });
    expect(memory).not.toHaveProperty('hostBytes');
    expect(memory.missing).toEqual([{ what: 'workload', reason: 'ENOENT' }]);
  });
});

describe('the CPU time of what serves a container alone', () => {
  const nobody = 2 ** 22 + 1; // beyond the highest pid Linux gives
  const own = cpuMs(process.pid)!;

  test('is that of its shim and of every proxy', () => {
    const two = helperCpuMs({ shim: process.pid, proxies: [process.pid, process.pid] })!;
    expect(two.shim).toBeGreaterThanOrEqual(own);
    expect(two.proxies).toBeGreaterThanOrEqual(own * 2);
    expect(helperCpuMs({ shim: process.pid, proxies: [] })).toMatchObject({ proxies: 0 });
  });

  test('is unknown, not less, where one of them is not known or cannot be read', () => {
    expect(helperCpuMs({ proxies: [process.pid] })).toBeUndefined();
    expect(helperCpuMs({ shim: process.pid, proxies: [nobody] })).toBeUndefined();
  });
});

describe("the engine's own statistics", () => {
  const stats = (memory_stats: object, cpu_stats: object = {}) =>
    ({ memory_stats, cpu_stats }) as Parameters<typeof statisticsWorkingSetBytes>[0];

  test('give the working set on both versions of cgroups', () => {
    expect(statisticsWorkingSetBytes(stats({ usage: 900, stats: { total_inactive_file: 200 } }))).toBe(700);
    expect(statisticsWorkingSetBytes(stats({ usage: 900, stats: { inactive_file: 300 } }))).toBe(600);
  });

  test('of a container that has ended are empty, and then there is no figure', () => {
    expect(statisticsWorkingSetBytes(stats({}))).toBeUndefined();
    expect(statisticsCpuMs(stats({}))).toBeUndefined();
    expect(statisticsWorkingSetBytes(stats({ usage: 900, stats: {} }))).toBeUndefined();
  });

  test('are those of a group that counts others too where it has not the container’s limit', () => {
    expect(isOfOthersToo(stats({ limit: 24 * 2 ** 30 }), 2 ** 27)).toBe(true);
    expect(isOfOthersToo(stats({ limit: 2 ** 27 }), 2 ** 27)).toBe(false);
    expect(isOfOthersToo(stats({}), 2 ** 27)).toBe(false);
  });

  test('count CPU time in nanoseconds', () => {
    expect(statisticsCpuMs(stats({}, { cpu_usage: { total_usage: 2_500_000 } }))).toBe(2.5);
  });
});

describe('own memory', () => {
  test('of the engine is a figure or a reason', async () => {
    const share = await engineMemory('Docker');
    if ('bytes' in share) expect(share.bytes).toBeGreaterThan(0);
    else expect(share.reason).toMatch(/^(engine-elsewhere|engines-several|EACCES)$/);
  });

  test('of a helper that may not be looked into is what everybody may read', () => {
    const status =
      'VmPTE:\t 3 kB\nVmSwap:\t 1 kB\nRssAnon:\t 20 kB\nRssFile:\t 900 kB\nRssShmem:\t 4 kB\nThreads:\t2\n';
    expect(ownByStatus(status)).toBe((20 + 4 + 1 + 3 + 2 * 16) * 1024);
    expect(ownByStatus('')).toBeUndefined();
  });

  test('of an engine without a daemon is none, whatever other engine runs here', async () => {
    expect(await engineMemory('Podman')).toEqual({ reason: 'engine-daemonless' });
  });
});

test('a process whose parent is no shim has none, and a port that nobody publishes has no proxy', () => {
  expect(findHelperProcesses(process.pid, 1)).toEqual({ proxies: [] });
  expect(findHelperProcesses(2 ** 22 + 1, 1)).toEqual({ proxies: [] });
});
