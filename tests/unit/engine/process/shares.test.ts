import { describe, expect, it } from 'vitest';
import { parseRollup, pssOfAll, sharesOfAll } from '../../../../main/engine/process/shares';

const rollup = `55d0c0000000-7ffd16ad4000 ---p 00000000 00:00 0                          [rollup]
Rss:                1920 kB
Pss:                 264 kB
Pss_Dirty:           116 kB
Pss_Anon:            116 kB
Pss_File:            148 kB
Pss_Shmem:             0 kB
Shared_Clean:       1760 kB
Shared_Dirty:          0 kB
Private_Clean:        44 kB
Private_Dirty:       116 kB
KSM:                  12 kB
`;
const without = (name: string) => rollup.replace(new RegExp(`^${name}:.*\n`, 'm'), '');
const nobody = 2 ** 22 + 1; // above the kernel's largest pid

describe("a process's share of memory", () => {
  it('is its PSS, of which what is not private is shared', () => {
    expect(parseRollup(rollup)).toEqual({
      pssBytes: 264 * 1024,
      fileBytes: 148 * 1024,
      sharedBytes: (264 - 44 - 116) * 1024,
      mergedBytes: 12 * 1024,
    });
  });

  it('leaves out what an older kernel does not tell', () => {
    expect(parseRollup(without('KSM'))).not.toHaveProperty('mergedBytes');
    expect(parseRollup(without('Pss_File'))).not.toHaveProperty('fileBytes');
    expect(parseRollup('')).toBeUndefined();
  });

  it('of this process is partly shared: its libraries are those of others', async () => {
    const shares = await sharesOfAll([process.pid]);
    if ('reason' in shares) throw new Error(shares.reason);
    expect(shares.sharedBytes).toBeGreaterThan(0);
    expect(shares.sharedBytes).toBeLessThan(shares.pssBytes);
  });

  it('of this process and its parent is more than of this process alone', async () => {
    const [own, both] = [await pssOfAll([process.pid]), await pssOfAll([process.pid, process.ppid])];
    if (!('bytes' in own) || !('bytes' in both)) throw new Error('PSS of this process cannot be read');
    expect(both.bytes).toBeGreaterThan(own.bytes);
  });

  it('of processes that have all ended is missing, not zero', async () => {
    expect(await pssOfAll([nobody])).toEqual({ reason: 'ESRCH' });
    expect(await pssOfAll([])).toEqual({ reason: 'ESRCH' });
  });
});
