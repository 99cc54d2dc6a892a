import { describe, expect, it } from 'vitest';
import { lineOf } from '../../../../../main/engine/results/history/lines';
import { fakeReportedRun } from '../../../../support/fakes/fakeRun';

describe('a line of the history', () => {
  it('holds what the answer says: the VM against the container, in memory and time', async () => {
    const run = fakeReportedRun();
    const { answer, series } = await lineOf(run);
    const rows = run.report.answer!.rows;
    for (const [id, figure] of [
      ['memory', answer?.memory],
      ['start-up', answer?.startUp],
    ] as const) {
      const [base, vm] = rows.find((row) => row.id === id)!.sides;
      expect(figure).toEqual({
        target: 'container',
        value: base!.value,
        against: { target: 'vm:direct', value: vm!.value, ratio: vm!.against!.ratio },
      });
    }
    expect(series).toMatch(/^[0-9a-f]{12}$/);
    const more = fakeReportedRun({ plan: { trials: 5 }, seed: 9 });
    expect((await lineOf(more)).series).toBe(series);
  });

  it('has it made anew for a record from before reports began with an answer', async () => {
    const run = fakeReportedRun();
    const older = { ...run, report: { ...run.report, answer: undefined } };
    expect((await lineOf(older)).answer).toEqual((await lineOf(run)).answer);
  });

  it('has no ratio where there is one side, and none at all while it runs', async () => {
    const alone = fakeReportedRun({ plan: { targets: ['container'] } });
    expect((await lineOf(alone)).answer?.memory?.against).toBeUndefined();
    expect((await lineOf(alone)).answer?.memory?.value).toBeGreaterThan(0);
    expect((await lineOf({ ...alone, state: 'running' })).answer).toBeUndefined();
  });

  it('says why nothing was measured', async () => {
    const failure = { code: 'not-ready', waitedMs: 1, lastPhase: 'start', lastAnswer: '' } as const;
    const run = fakeReportedRun();
    const trials = run.trials.map((trial) => ({ ...trial, outcome: 'timeout' as const, failure }));
    expect((await lineOf({ ...run, trials })).failure).toEqual(failure);
    expect((await lineOf(run)).failure).toBeUndefined();
  });
});
