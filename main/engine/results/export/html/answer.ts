/** What the report of a run says first: who measured what, the sentence, its picture, how sure that is, and the applications one by one. */
import type { Locale } from '../../../../contract/appearance';
import { planTitleIn, say } from '../../../../contract/messages';
import { surenessIn } from '../../../../contract/report/sureness';
import type { Run } from '../../../../contract/run/run';
import { subtitleOf } from '../facts';
import { paintPanel } from '../svg';
import { escape } from './markup';
import { answerSection, heading } from './parts';
import { reportTable } from './tables';

export const headingOf = (run: Run, locale: Locale): string =>
  heading(
    {
      id: run.id,
      title: run.label?.name ?? planTitleIn(locale, run.plan.name),
      subtitle: subtitleOf(run, locale),
      note: run.label?.note,
      failure: run.failure,
    },
    locale,
  );

export function answer({ report }: Run, locale: Locale): string {
  const found = report?.answer;
  if (!found) return '';
  const { applications } = found;
  return answerSection(
    { ...found, sureness: surenessIn(found) },
    `<figure data-name="answer">\n${paintPanel(found, locale).trimEnd()}\n</figure>`,
    applications
      ? `<h3>${escape(say(locale, applications.title))}</h3>\n${reportTable(applications, locale)}`
      : '',
    locale,
  );
}
