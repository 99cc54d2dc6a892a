/** What Tare writes, Tare reads: also where two rounds differ so much that an interval reaches beyond any number. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Run } from '../../../../../main/contract/run/run';
import { readFleet, readRun } from '../../../../../main/engine/results/history/upgrade';
import { reported } from '../../../../../main/engine/results/report/reported';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { reportedFleet } from '../../../../../main/engine/results/report/hosts/reported';
import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';
import { fleetOf, okHost } from '../../../../support/fakes/hostRuns';

const kept = (run: Run) => readRun(JSON.stringify(run), 'run.json');

/** Figures of every size that one application may have in one round and another in the next. */
const factors = fc.array(fc.double({ min: 1e-5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 40 });

function runWith(seed: number, trials: number, by: readonly number[]): Run {
  let at = 0;
  return fakeRun({
    seed,
    preset: 'three-apps',
    plan: { trials, targets: ['container', 'vm:direct'] },
    change: (trial) => {
      const factor = by[at++ % by.length]!;
      if (trial.readyMs !== undefined) trial.readyMs *= factor;
      const { hostBytes } = trial.memory;
      if (hostBytes !== undefined) trial.memory.hostBytes = Math.max(1, Math.round(hostBytes * factor));
    },
  });
}

test('every record that a run can make can be read again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 2, max: 4 }),
      factors,
      (seed, trials, by) => {
        const run = runWith(seed, trials, by);
        const whole = { ...run, report: makeReport(run, []) };
        expect(JSON.parse(JSON.stringify(kept(whole)))).toEqual(JSON.parse(JSON.stringify(whole)));
      },
    ),
    { numRuns: 60 },
  );
});

describe('a record that an earlier Tare wrote, with an interval beyond every bound', () => {
  const beyond = <R extends { report?: unknown }>(record: R): R => ({
    ...record,
    report: { interval: 1e59 },
  });

  it('is read, and its report is made from what was measured', async () => {
    const run = fakeReportedRun();
    const read = kept(beyond(run));
    expect(read.trials).toEqual(run.trials);
    expect((await reported(read, () => Promise.resolve([]))).report!.answer).toEqual(run.report.answer);
  });

  it('is read as one of several hosts', () => {
    const hosts = ['one', 'two'].map((name, seed) =>
      okHost(name, beyond(fakeReportedRun({ seed })) as never),
    );
    const fleet = readFleet(JSON.stringify(beyond(fleetOf(hosts))), 'fleet.json');
    expect(reportedFleet(fleet).hosts.map((host) => host.run!.trials)).toEqual(
      hosts.map((host) => host.run!.trials),
    );
  });

  it('is refused where what was measured is beyond them', () => {
    const run = fakeReportedRun();
    run.trials[0]!.readyMs = 1e59;
    expect(() => kept(run)).toThrow(
      expect.objectContaining({
        failure: { code: 'run-unreadable', path: 'run.json', reason: 'beyond-bounds' },
      }),
    );
  });
});
