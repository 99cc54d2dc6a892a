import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { FamilyCounters } from '../../../../../main/engine/base/process/counters';
import { descendants, descendantsNow, familyCpuMs } from '../../../../../main/engine/base/process/family';

test.runIf(process.platform === 'linux')(
  'a family is found by either way, read, and nobody once it has ended',
  async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & sleep 60 & wait'], { stdio: 'ignore', detached: true });
    const counters = new FamilyCounters();
    try {
      await expect.poll(() => descendants(child.pid!).length).toBe(2);
      const pids = descendants(child.pid!).map(({ pid }) => pid);
      expect(descendantsNow(child.pid!).sort()).toEqual(pids.sort());
      const read = counters.read(pids)!;
      expect(read.residentBytes).toBeGreaterThan(2 * 64 * 1024);
      expect(familyCpuMs(pids)).toBeGreaterThanOrEqual(read.cpuMs);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
    await once(child, 'exit');
    expect(descendantsNow(child.pid!)).toEqual([]);
    expect(counters.read([])).toBeUndefined();
    counters.close();
  },
);
