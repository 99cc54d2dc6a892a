import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../../main/contract/report/subjects';
import { presets } from '../../../../main/engine/measure/workloads/presets';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

describe.each(presets.map(({ name }) => name))('the details of %s', (preset) => {
  const { report } = fakeReportedRun({ preset });
  const parts = partsOf(report);

  it('are every chart and every table, each once', () => {
    const ids = (of: { id: string }[]) => of.map(({ id }) => id).sort();
    expect(ids(parts.flatMap(({ charts }) => charts))).toEqual(ids(report.charts));
    expect(ids(parts.flatMap(({ tables }) => tables))).toEqual(ids(report.tables));
  });

  it('are all about something that has a name', () => {
    expect(parts.map(({ subject }) => subject)).not.toContain('more');
  });
});

it('hold what another Tare tells, at the end', () => {
  const { report } = fakeReportedRun();
  const newer = { ...report.charts[0]!, id: 'of-tomorrow' };
  const parts = partsOf({ charts: [newer, ...report.charts], tables: report.tables });
  expect(parts.at(-1)).toEqual({ subject: 'more', charts: [newer], tables: [] });
});
