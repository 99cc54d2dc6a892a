import { expect, test } from 'vitest';
import { toOwnMemory } from '../../../../../main/engine/results/history/ownMemory';

const part = (name: string, bytes: number) => ({ part: name, bytes });
const trial = (memory: object) => ({ id: 'web/x/0', memory: { parts: [], missing: [], ...memory } });
const upgraded = (memory: object) => {
  const old = { schemaVersion: 1, trials: [trial(memory)], report: { tables: [] } };
  const now = toOwnMemory(old) as unknown as { schemaVersion: number; trials: { memory: object }[] };
  expect(now.schemaVersion).toBe(2);
  expect(now).not.toHaveProperty('report'); // is made anew of the new figures
  return now.trials[0]!.memory;
};
const older = (what: string) => ({ what, reason: 'older-definition' });

test('a container’s own memory is what was no page of a file; its helpers cannot be told apart', () => {
  const memory = upgraded({
    ...{ hostBytes: 100, reclaimableBytes: 60, pageTableBytes: 1, workingSetBytes: 20 },
    inside: [part('application', 14), part('file-cache', 2), part('kernel-memory', 4)],
    parts: [part('workload', 20), part('shim', 50), part('proxies', 30)],
  });
  expect(memory).toEqual({
    ...{ hostBytes: 41, fileBytes: 60, pageTableBytes: 1, workingSetBytes: 20 },
    inside: [part('application', 14), part('kernel-memory', 4)],
    parts: [part('workload', 18)],
    missing: [older('parts')],
  });
});

test('a single helper’s part is known', () => {
  const memory = upgraded({
    ...{ hostBytes: 70, reclaimableBytes: 42, pageTableBytes: 1 },
    inside: [part('file-cache', 2)],
    parts: [part('workload', 20), part('shim', 50)],
  });
  expect(memory).toMatchObject({
    hostBytes: 29,
    parts: [part('workload', 18), part('shim', 11)],
    missing: [],
  });
});

test('of a VM the pages of files were QEMU’s', () => {
  const memory = upgraded({
    ...{ hostBytes: 200, reclaimableBytes: 30, pageTableBytes: 2, guestUsedBytes: 9 },
    parts: [part('guest-ram', 100), part('vmm', 50), part('translation', 50)],
  });
  expect(memory).toEqual({
    ...{ hostBytes: 172, fileBytes: 30, pageTableBytes: 2, guestUsedBytes: 9 },
    parts: [part('guest-ram', 100), part('vmm', 22), part('translation', 50)],
    missing: [],
  });
});

test('a plain process’s figure cannot be corrected, and is missing with its reason', () => {
  const memory = upgraded({ hostBytes: 9, pssBytes: 9, parts: [part('workload', 9)] });
  expect(memory).toEqual({ pssBytes: 9, parts: [], missing: [older('hostBytes')] });
});

test('one that never had a figure gets no other reason', () => {
  const refused = { what: 'workload', reason: 'EACCES' };
  expect(upgraded({ missing: [refused] })).toEqual({ parts: [], missing: [refused] });
});

test('sums of other figures by the older definition are taken out', () => {
  const old = {
    schemaVersion: 1,
    trials: [{ ...trial({}), load: { sent: 3, hostBytes: 7 } }],
    density: [{ target: 'container', steps: [{ count: 1, hostBytes: 7, hostChangeBytes: 8 }] }],
    environment: { engine: { name: 'Docker', sharedBytes: 7 }, images: [] },
  };
  expect(toOwnMemory(old)).toMatchObject({
    trials: [{ load: { sent: 3 } }],
    density: [{ target: 'container', steps: [{ count: 1, hostChangeBytes: 8 }] }],
    environment: { engine: { name: 'Docker' }, images: [] },
  });
  expect(JSON.stringify(toOwnMemory(old))).not.toMatch(/":7\b/);
});

test('what is no record is left to who reads it next', () => {
  expect(toOwnMemory({ schemaVersion: 1, trials: 'none' } as { schemaVersion: number })).toEqual({
    schemaVersion: 2,
    trials: 'none',
  });
});
