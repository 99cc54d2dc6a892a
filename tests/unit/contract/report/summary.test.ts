import { expect, it } from 'vitest';
import { summaryText } from '../../../../main/contract/report/summary';
import { fakeReportedRun } from '../../../support/fakes/fakeRun';

it.each(['en', 'zh-CN'] as const)(
  'tells the answer in one line, with what it was measured on (%s)',
  (locale) => {
    const run = fakeReportedRun();
    const text = summaryText(run, locale)!;
    expect(text).not.toContain('\n');
    expect(text).not.toMatch(/undefined|\{\w+\}|summary\./);
    for (const part of [run.id, run.environment.tareVersion]) expect(text).toContain(part);
  },
);

it('says of emulated times, and of these alone, that they cannot be compared', () => {
  const [before, after] = summaryText(fakeReportedRun({ accelerator: 'tcg' }), 'en')!.split('Start ');
  expect(before).toMatch(/Memory: container .*, VM \(direct boot\) .* \(.* ×.*\)\./);
  expect(after).toMatch(/^\(VMs emulated, so not comparable\): container /);
  expect(summaryText(fakeReportedRun({ accelerator: 'kvm' }), 'en')).not.toContain('not comparable');
});

it('has nothing to say of a run that found nothing', () => {
  const run = fakeReportedRun();
  expect(summaryText({ ...run, report: { verdicts: [], tables: [], charts: [] } }, 'en')).toBeUndefined();
});
