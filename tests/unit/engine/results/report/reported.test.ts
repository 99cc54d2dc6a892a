import { describe, expect, test, vi } from 'vitest';
import { reported } from '../../../../../main/engine/results/report/reported';
import { fakeReportedRun, fakeSamples } from '../../../../support/fakes/fakeRun';

const recorded = fakeReportedRun();
const { report, ...interrupted } = recorded;
const { answer, ...older } = report;

describe('a run from its record', () => {
  test('keeps the report that it has, without its samples being read', async () => {
    const samples = vi.fn(() => Promise.resolve([]));
    expect(await reported(recorded, samples)).toBe(recorded);
    expect(samples).not.toHaveBeenCalled();
  });

  test('gets a report if it never came to one, and a new one if that began without an answer', async () => {
    const samples = () => Promise.resolve(fakeSamples(recorded));
    expect((await reported(interrupted, samples)).report).toEqual(report);
    expect((await reported({ ...recorded, report: older }, samples)).report).toEqual(report);
  });

  test('is told anew where its answer has texts that this version does not know', async () => {
    const foreign = { ...answer!, text: { ...answer!.text, key: 'answer.of-another-version' } };
    const run = { ...recorded, report: { ...report, answer: foreign } };
    expect((await reported(run, () => Promise.resolve(fakeSamples(run)))).report).toEqual(report);
  });

  test('from a file, without samples, keeps its recorded lines over time', async () => {
    const { report: made } = await reported({ ...recorded, report: older }, () => Promise.resolve([]));
    expect(made?.answer).toEqual(answer);
    const lines = older.charts.filter(({ kind }) => kind === 'lines');
    expect(lines.length).toBeGreaterThan(0);
    for (const chart of lines) expect(made?.charts).toContainEqual(chart);
  });
});
