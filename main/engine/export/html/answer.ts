/** What a report says first: who measured what, the sentence, its picture, how sure that is, and the applications one by one. */
import type { Locale } from '../../../contract/appearance';
import { explain, message, planTitleIn, say } from '../../../contract/messages';
import { unbroken } from '../../../contract/quantities';
import type { Answer } from '../../../contract/report/report';
import { surenessIn } from '../../../contract/report/sureness';
import type { Run } from '../../../contract/run/run';
import { subtitleOf } from '../facts';
import { paintPanel } from '../svg';
import { escape } from './markup';
import { reportTable } from './tables';

export function heading(run: Run, locale: Locale): string {
  const failure = run.failure && explain(locale, run.failure);
  // An id that is broken over two lines cannot be searched for in a PDF.
  const subtitle = escape(subtitleOf(run, locale)).replace(run.id, `<span class="whole">${run.id}</span>`);
  const note = run.label?.note;
  return [
    '<header>',
    `<p class="brand">Tare</p>`,
    `<h1>${escape(run.label?.name ?? planTitleIn(locale, run.plan.name))}</h1>`,
    `<p class="muted">${subtitle}</p>`,
    note === undefined ? '' : `<p class="written">${escape(note)}</p>`,
    failure
      ? `<p class="failure"><strong>${escape(failure.what)}</strong> ${escape(failure.remedy)}</p>`
      : '',
    '</header>',
  ]
    .filter(Boolean)
    .join('\n');
}

export function answer({ report }: Run, locale: Locale): string {
  const found = report?.answer;
  if (!found) return '';
  return [
    `<section class="answer" aria-labelledby="answer">`,
    `<h2 id="answer">${escape(unbroken(say(locale, found.text)))}</h2>`,
    `<figure data-name="answer">\n${paintPanel(found, locale).trimEnd()}\n</figure>`,
    howSure(found, locale),
    found.applications
      ? `<h3>${escape(say(locale, found.applications.title))}</h3>\n${reportTable(found.applications, locale)}`
      : '',
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');
}

function howSure(answer: Answer, locale: Locale): string {
  const lines = [
    ...surenessIn(answer).map(
      ({ id, said }) =>
        `<li><b>${escape(message(locale, `ui.report.row.${id}`))}</b> ${escape(say(locale, said))}</li>`,
    ),
    ...answer.doubts.map((doubt) => `<li class="muted">${escape(say(locale, doubt))}</li>`),
  ];
  if (lines.length === 0) return '';
  return `<div class="sure">\n<h3>${escape(message(locale, 'ui.report.howSure'))}</h3>\n<ul>\n${lines.join('\n')}\n</ul>\n</div>`;
}
