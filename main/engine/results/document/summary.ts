/** The answer alone, for the summary of a CI job, which shows no pictures of ours. */
import type { Locale } from '../../../contract/appearance';
import { explain, message, nameOf, say } from '../../../contract/messages';
import { madeOn } from '../../../contract/report/summary';
import { verdictWords } from '../../../contract/report/verdicts';
import type { Run } from '../../../contract/run/run';
import { isOfHosts } from '../../../contract/record';
import type { ReportedRecord } from '../report/reported';
import type { Block } from './blocks';
import { answerOf, headingOf, list, table } from './document';

/** What got worse, the sentence, its figures, how sure they are, and what failed; of several hosts, the tables of the sentence's pair. */
export function summaryOf(record: ReportedRecord, locale: Locale): Block[] {
  const [heading, answer] = [headingOf(record, locale), answerOf(record, locale)];
  if (isOfHosts(record)) {
    const { tables, sureness } = record.report;
    return [heading, ...answer, ...tables.slice(0, sureness.length).map(table)];
  }
  return [
    heading,
    ...list(worse(record, locale)),
    ...answer,
    ...howMany(record).map(table),
    ...failed(record, locale),
    { kind: 'paragraph', words: madeOn(record, locale) },
  ];
}

/** Of a plan that holds B against A, beside what the sentence says. */
function worse({ report }: Run, locale: Locale): string[] {
  const sentence = report?.answer && say(locale, report.answer.text);
  return (report?.verdicts ?? [])
    .filter((verdict) => verdict.worse)
    .map((verdict) => verdictWords(locale, verdict))
    .filter((words) => words !== sentence);
}

/** Of a density plan, whose answer has no figures but those of its sentence. */
const howMany = ({ report }: Run) =>
  (report?.tables ?? []).filter(
    ({ id, rows }) => ['density', 'density-costs'].includes(id) && rows.length > 0,
  );

/** Trials that do not count, with the reason of each kind. */
function failed({ trials }: Run, locale: Locale): Block[] {
  const reasons = trials
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ workload, target, outcome, failure }) => {
      const pair = `${workload} · ${nameOf(locale, 'target', target)}`;
      const why = failure ? explain(locale, failure).what : nameOf(locale, 'outcome', outcome);
      return message(locale, 'problem.at', { field: pair, what: why });
    });
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const lines = [...counts].map(([reason, times]) => (times > 1 ? `${reason} (${times} ×)` : reason));
  if (lines.length === 0) return [];
  return [{ kind: 'paragraph', words: message(locale, 'export.summary.failed') }, ...list(lines)];
}
