import type { Locale } from '../../../contract/appearance';
import { explain, message, nameOf, say } from '../../../contract/messages';
import { madeOn } from '../../../contract/report/summary';
import { verdictWords } from '../../../contract/report/verdicts';
import type { Run } from '../../../contract/run/run';
import type { TextExporter } from './format';
import { answer, headingOf } from './markdown/answer';
import { listed, plain } from './markdown/markup';
import { titled } from './markdown/tables';

/** The answer alone, for the summary of a CI job, which shows no pictures of ours: what got worse, the sentence, its figures, how sure they are. */
export const summary: TextExporter = {
  files: (run, locale) => {
    const parts = [
      ...headingOf(run, locale),
      ...worse(run, locale),
      ...answer(run, locale, []),
      ...howMany(run, locale),
      ...failed(run, locale),
      plain(madeOn(run, locale)),
    ];
    return [{ content: `${parts.join('\n\n')}\n` }];
  },
};

/** Of a plan that holds B against A, beside what the sentence says. */
function worse({ report }: Run, locale: Locale): string[] {
  const sentence = report?.answer && say(locale, report.answer.text);
  const words = (report?.verdicts ?? [])
    .filter((verdict) => verdict.worse)
    .map((verdict) => verdictWords(locale, verdict));
  return listed(words.filter((one) => one !== sentence));
}

/** Of a density plan, whose answer has no figures but those of its sentence. */
const howMany = ({ report }: Run, locale: Locale): string[] =>
  (report?.tables ?? [])
    .filter(({ id, rows }) => ['density', 'density-costs'].includes(id) && rows.length > 0)
    .map((table) => titled(table, locale));

/** Trials that do not count, with the reason of each kind. */
function failed({ trials }: Run, locale: Locale): string[] {
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
  return [plain(message(locale, 'export.summary.failed')), ...listed(lines)];
}
