import { describe, expect, it } from 'vitest';
import type { Lane } from '../../../../../renderer/state/live/run';
import { scoresOf } from '../../../../../renderer/state/live/score';

const lane = (workload: string, target: string, readyMs: number[], ownBytes: number[]): Lane => ({
  ...{ key: `${workload}/${target}`, workload, target, reservedBytes: 1, failures: [], emulated: false },
  ...{ readyMs, ownBytes },
});

describe('the score so far', () => {
  it('holds each target against the container, all applications together', () => {
    const scores = scoresOf([
      lane('web', 'vm:direct', [9000, 11_000], [200]),
      lane('web', 'container', [400, 600], [10]),
      lane('api', 'vm:direct', [30_000], [300, 100]),
      lane('api', 'container', [1500], [15]),
    ]);
    expect(scores).toEqual([
      { target: 'container', rounds: 1, readyMs: 1000, ownBytes: 25 },
      { target: 'vm:direct', rounds: 1, readyMs: 20_000, ownBytes: 400, timesAsLong: 20, timesTheMemory: 16 },
    ]);
  });

  it('tells nothing of a target while one of its applications has not been measured', () => {
    const [, vm] = scoresOf([
      lane('web', 'container', [400], [10]),
      lane('web', 'vm:direct', [9000], [200]),
      lane('api', 'container', [400], [10]),
      lane('api', 'vm:direct', [], []),
    ]);
    expect(vm).toEqual({ target: 'vm:direct', rounds: 0 });
  });
});
