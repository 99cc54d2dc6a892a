/** A report of several hosts as a page: the sentence, its picture, how sure it is; who gave nothing; host by host; the method last. */
import type { Locale } from '../../../contract/appearance';
import { reasonsOf } from '../../../contract/fleet/reasons';
import { message, say } from '../../../contract/messages';
import { unbroken } from '../../../contract/quantities';
import type { ChartSpec, Table } from '../../../contract/report/report';
import { certaintyOf, verdictWords } from '../../../contract/report/verdicts';
import type { TextExporter } from '../format';
import { chart } from '../html/charts';
import { escape, section } from '../html/markup';
import { htmlPage } from '../html/page';
import { reportTable } from '../html/tables';
import type { ReportedFleet } from '../../report/hosts/reported';
import { hostFacts, subtitleOf, titleOf } from './facts';

export const fleetHtml: TextExporter<ReportedFleet> = {
  files: (fleet, locale) => [{ content: page(fleet, locale, false) }],
};

/** The same for paper: nothing to click. */
export const printedFleet = (fleet: ReportedFleet, locale: Locale): string => page(fleet, locale, true);

const page = (fleet: ReportedFleet, locale: Locale, printed: boolean): string =>
  htmlPage(
    {
      title: titleOf(fleet, locale),
      description: subtitleOf(fleet, locale),
      generator: 'Tare',
      printed,
      footer: 'hosts.footer',
      parts: [
        heading(fleet, locale),
        answer(fleet, locale, printed),
        reasons(fleet, locale),
        details(fleet, locale, printed),
        method(fleet, locale, printed),
      ],
    },
    locale,
  );

function heading(fleet: ReportedFleet, locale: Locale): string {
  const note = fleet.label?.note;
  // an id that is broken over two lines cannot be searched for in a PDF
  const subtitle = escape(subtitleOf(fleet, locale)).replace(
    fleet.id,
    `<span class="whole">${fleet.id}</span>`,
  );
  return [
    '<header>',
    '<p class="brand">Tare</p>',
    `<h1>${escape(titleOf(fleet, locale))}</h1>`,
    `<p class="muted">${subtitle}</p>`,
    note === undefined ? '' : `<p class="written">${escape(note)}</p>`,
    '</header>',
  ]
    .filter(Boolean)
    .join('\n');
}

/** The charts of the sentence's pair. */
const ofSentence = ({ charts, sureness }: ReportedFleet['report']): ChartSpec[] =>
  charts.slice(0, sureness.length);

function answer({ report }: ReportedFleet, locale: Locale, printed: boolean): string {
  const sure = [
    ...report.sureness.map(
      ({ id, said }) =>
        `<li><b>${escape(message(locale, `ui.report.row.${id}`))}</b> ${escape(say(locale, said))}</li>`,
    ),
    ...report.doubts.map((doubt) => `<li class="muted">${escape(say(locale, doubt))}</li>`),
  ];
  return [
    '<section class="answer" aria-labelledby="answer">',
    `<h2 id="answer">${escape(unbroken(say(locale, report.text)))}</h2>`,
    ...ofSentence(report).map((spec) => chart(spec, locale, printed)),
    sure.length > 0
      ? `<div class="sure">\n<h3>${escape(message(locale, 'ui.report.howSure'))}</h3>\n<ul>\n${sure.join('\n')}\n</ul>\n</div>`
      : '',
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');
}

function reasons({ hosts: asked }: ReportedFleet, locale: Locale): string {
  const all = reasonsOf(locale, asked).map(
    ({ hosts, what, remedy }) =>
      `<div><dt>${escape(hosts)}</dt><dd>${escape([what, remedy].filter(Boolean).join(' '))}</dd></div>`,
  );
  return all.length === 0
    ? ''
    : section(
        'reasons',
        message(locale, 'hosts.title.missing'),
        `<dl class="findings">\n${all.join('\n')}\n</dl>`,
      );
}

function details({ report }: ReportedFleet, locale: Locale, printed: boolean): string {
  const others = report.charts.slice(report.sureness.length);
  const shown = [
    ...others.map((spec) => chart(spec, locale, printed)),
    ...report.tables.map((table) => tableOf(table, locale, printed)),
  ];
  return shown.length === 0 ? '' : section('hosts', message(locale, 'hosts.title.each'), shown.join('\n'));
}

const tableOf = (table: Table, locale: Locale, printed: boolean): string =>
  printed
    ? `<h3 id="table-${escape(table.id)}">${escape(say(locale, table.title))}</h3>\n${reportTable(table, locale)}`
    : `<details class="table"><summary id="table-${escape(table.id)}">${escape(say(locale, table.title))}</summary>\n${reportTable(table, locale)}\n</details>`;

function method({ report, hosts }: ReportedFleet, locale: Locale, printed: boolean): string {
  const title = escape(message(locale, 'ui.report.method'));
  const findings = report.verdicts.flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty
      ? [
          `<div><dt>${escape(message(locale, `certainty.${certainty}`))}</dt><dd>${escape(verdictWords(locale, verdict))}</dd></div>`,
        ]
      : [];
  });
  const notes = report.verdicts.filter(({ standing }) => standing === 'note');
  const body = [
    ...(findings.length > 0
      ? [block(message(locale, 'export.findings'), `<dl class="findings">\n${findings.join('\n')}\n</dl>`)]
      : []),
    ...notes.map(({ text }) => `<p>${escape(say(locale, text))}</p>`),
    block(
      message(locale, 'export.environment'),
      `<dl>\n${hosts.map((host) => `<div><dt>${escape(host.name)}</dt><dd>${escape(hostFacts(host))}</dd></div>`).join('\n')}\n</dl>`,
    ),
  ].join('\n');
  return printed
    ? `<section class="method" aria-labelledby="method">\n<h2 id="method">${title}</h2>\n${body}\n</section>`
    : `<details class="method" id="method"><summary>${title}</summary>\n${body}\n</details>`;
}

const block = (title: string, body: string): string =>
  `<div class="block">\n<h3>${escape(title)}</h3>\n${body}\n</div>`;
