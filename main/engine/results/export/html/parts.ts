/** What every report as a page is made of, be it of one run or of several hosts. */
import type { Locale } from '../../../../contract/appearance';
import type { Failure } from '../../../../contract/failures';
import { explain, message, say } from '../../../../contract/messages';
import { unbroken } from '../../../../contract/quantities';
import type { Message, Verdict } from '../../../../contract/report/report';
import type { Sureness } from '../../../../contract/report/sureness';
import { certaintyOf, verdictWords } from '../../../../contract/report/verdicts';
import { escape } from './markup';

interface Head {
  id: string;
  title: string;
  subtitle: string;
  note: string | undefined;
  failure: Failure | undefined;
}

export function heading({ id, title, subtitle, note, failure }: Head, locale: Locale): string {
  const told = failure && explain(locale, failure);
  return [
    '<header>',
    '<p class="brand">Tare</p>',
    `<h1>${escape(title)}</h1>`,
    // an id that is broken over two lines cannot be searched for in a PDF
    `<p class="muted">${escape(subtitle).replace(id, `<span class="whole">${id}</span>`)}</p>`,
    note === undefined ? '' : `<p class="written">${escape(note)}</p>`,
    told ? `<p class="failure"><strong>${escape(told.what)}</strong> ${escape(told.remedy)}</p>` : '',
    '</header>',
  ]
    .filter(Boolean)
    .join('\n');
}

interface Said {
  text: Message;
  sureness: readonly Sureness[];
  doubts: readonly Message[];
}

/** The sentence, its picture, how sure it is, and what else belongs to it. */
export const answerSection = (
  { text, sureness, doubts }: Said,
  picture: string,
  more: string,
  locale: Locale,
): string =>
  [
    '<section class="answer" aria-labelledby="answer">',
    `<h2 id="answer">${escape(unbroken(say(locale, text)))}</h2>`,
    picture,
    howSure(sureness, doubts, locale),
    more,
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');

function howSure(sureness: readonly Sureness[], doubts: readonly Message[], locale: Locale): string {
  const lines = [
    ...sureness.map(
      ({ id, said }) =>
        `<li><b>${escape(message(locale, `ui.report.row.${id}`))}</b> ${escape(say(locale, said))}</li>`,
    ),
    ...doubts.map((doubt) => `<li class="muted">${escape(say(locale, doubt))}</li>`),
  ];
  if (lines.length === 0) return '';
  return `<div class="sure">\n<h3>${escape(message(locale, 'ui.report.howSure'))}</h3>\n<ul>\n${lines.join('\n')}\n</ul>\n</div>`;
}

/** Folded on a screen: whoever has read the answer may ask how it was found. Empty parts are left out. */
export function methodSection(parts: readonly string[], locale: Locale, printed: boolean): string {
  const title = escape(message(locale, 'ui.report.method'));
  const body = parts.filter(Boolean).join('\n');
  return printed
    ? `<section class="method" aria-labelledby="method">\n<h2 id="method">${title}</h2>\n${body}\n</section>`
    : `<details class="method" id="method"><summary>${title}</summary>\n${body}\n</details>`;
}

export const block = (title: string, body: string): string =>
  `<div class="block">\n<h3>${escape(title)}</h3>\n${body}\n</div>`;

export const list = (lines: readonly string[]): string =>
  `<ul class="plain">\n${lines.map((line) => `<li>${escape(line)}</li>`).join('\n')}\n</ul>`;

/** Terms, each with what is said of it. */
export const terms = (all: readonly (readonly [term: string, words: string])[]): string =>
  all.map(([term, words]) => `<div><dt>${escape(term)}</dt><dd>${escape(words)}</dd></div>`).join('\n');

/** What was found, each with how certain it is. */
export function findings(verdicts: readonly Verdict[], locale: Locale): string {
  const found = verdicts.flatMap((verdict): [string, string][] => {
    const certainty = certaintyOf(verdict);
    return certainty ? [[message(locale, `certainty.${certainty}`), verdictWords(locale, verdict)]] : [];
  });
  return found.length === 0
    ? ''
    : block(message(locale, 'export.findings'), `<dl class="findings">\n${terms(found)}\n</dl>`);
}

export function notes(verdicts: readonly Verdict[], locale: Locale): string {
  const of = (standing: string) => verdicts.filter((verdict) => verdict.standing === standing);
  const lines = [...of('warning'), ...of('note')].map(({ text }) => say(locale, text));
  return lines.length === 0 ? '' : block(message(locale, 'ui.report.notes'), list(lines));
}
