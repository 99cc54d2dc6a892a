/** A report on applications that were in one machine together. */
import { describe, expect, test } from 'vitest';
import type { Run } from '../../../../../main/contract/run/run';
import { summarise } from '../../../../../main/engine/results/history/lines';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { logCentre } from '../../../../../main/engine/results/statistics/contrast';
import { median } from '../../../../../main/engine/results/statistics/summary';
import { fakeReportedRun, fakeRun } from '../../../../support/fakes/fakeRun';
import { chartOf, rowsOf, verdictsOf } from '../../../../support/fakes/reports';

const options = {
  preset: 'three-apps',
  plan: { trials: 5, targets: ['container', 'vm:direct', 'vm:shared'] },
};
const run = fakeReportedRun(options);
const { report } = run;

const roundsOf = ({ rounds }: Run) => rounds.filter(({ target }) => target === 'vm:shared');
const trialsOf = ({ trials }: Run, index: number) =>
  trials.filter((trial) => trial.target === 'vm:shared' && trial.index === index);
const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);

describe('the sum of one machine', () => {
  const whole = roundsOf(run).map(({ machine }) => machine!.memory.hostBytes!);
  const starts = roundsOf(run).map(
    ({ machine, index }) => machine!.upMs! + sum(trialsOf(run, index).map(({ readyMs }) => readyMs!)),
  );

  test('is what the machine took, and no part of it is counted twice', () => {
    const row = rowsOf(report, 'totals').find(({ target }) => target === 'vm:shared')!;
    const rest = roundsOf(run).map(
      ({ machine, index }) =>
        machine!.memory.hostBytes! - sum(trialsOf(run, index).map(({ memory }) => memory.guestUsedBytes!)),
    );
    expect(row).toMatchObject({
      n: 5,
      instances: 3,
      reservedBytes: 7 * 1024 ** 3,
      hostBytes: median(whole),
      machineBytes: median(rest),
      machineMs: median(roundsOf(run).map(({ machine }) => machine!.upMs!)),
      allReadyMs: median(starts),
      fileBytes: 34 * 1024 ** 2,
    });
  });

  test('is drawn beside the others, its applications and the rest of the machine apart', () => {
    const { bars, series } = chartOf(report, 'totals', 'bars');
    expect(series.map(({ id }) => id)).toEqual(['hostBytes', 'machineBytes']);
    const bar = bars.find(({ target }) => target === 'vm:shared')!;
    expect(sum(bar.values.map((value) => value!))).toBeCloseTo(logCentre(whole), 0);
    expect(bars.find(({ target }) => target === 'vm:direct')!.values[1]).toBeNull();
  });

  test('is what the answer tells: its memory, and of its start the share of each application', () => {
    const side = (id: string) =>
      report.answer!.rows.find((row) => row.id === id)!.sides.find(({ target }) => target === 'vm:shared')!;
    expect(side('memory').value).toBeCloseTo(logCentre(whole), 0);
    expect(side('start-up').value).toBeCloseTo(logCentre(starts) / 3);
    expect(side('memory').against!.judgement).toBeDefined();
  });

  test('comes with what the applications’ own figures leave out', () => {
    const [note] = verdictsOf(report, 'shared-machine vm:shared');
    expect(note!.text.facts).toMatchObject({ target: { target: 'vm:shared' } });
    expect(verdictsOf(report, 'shared-machine vm:direct')).toEqual([]);
  });
});

test('a round whose machine could not be read has no sum', () => {
  const unread = fakeRun(options);
  delete roundsOf(unread)[0]!.machine!.memory.hostBytes;
  const made = makeReport(unread, []);
  expect(rowsOf(made, 'totals').find(({ target }) => target === 'vm:shared')!.n).toBe(4);
});

test('the history has no time of its applications without their machine', () => {
  expect(Object.keys(summarise(run).readyMs)).toEqual(['container', 'vm:direct']);
});

test('tables of other targets have no columns of machines', () => {
  const { report: other } = fakeReportedRun({ preset: 'three-apps' });
  expect(rowsOf(other, 'totals')[0]).not.toHaveProperty('machineBytes');
  expect(chartOf(other, 'totals', 'bars').series.map(({ id }) => id)).toEqual(['hostBytes']);
});
