import { test } from 'vitest';
import { fakeReportedRun } from '../../support/fakes/fakeRun';
import { presets } from '../../../main/engine/workloads/presets';
import { summaryText } from '../../../main/contract/report/summary';
import { say } from '../../../main/contract/messages';
test('x', () => {
  for (const { name } of presets) {
    try {
      const run = fakeReportedRun({ preset: name });
      console.log(name, '\n C', run.report.charts.map((c) => c.id).join(' '), '\n T', run.report.tables.map((c) => `${c.id}/${c.columns.length}x${c.rows.length}`).join(' '),
       '\n V', run.report.verdicts.map(v=>v.id).join(' | '), '\n', summaryText(run, 'en'), '\n', summaryText(run, 'zh-CN'), '\n S', run.report.answer?.rows.map(r=>r.id+': '+(r.sureness?say('en',r.sureness):'-')+(r.about?'../../../ '+say('en',r.about):'')).join('; '), '\n D', run.report.answer?.doubts.map(d=>say('en',d)).join('../../../ '), run.report.answer?.surerRounds, run.report.answer?.applications?.columns.map(c=>say('en',c.title)).join('|'));
    } catch (e) { console.log(name, String(e)); }
  }
});
