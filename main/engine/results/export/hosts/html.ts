/** A report of several hosts as a page: the sentence, its picture, how sure it is; who gave nothing; host by host; the method last. */
import type { Locale } from '../../../../contract/appearance';
import { failureOfAll, reasonsOf } from '../../../../contract/fleet/reasons';
import { message } from '../../../../contract/messages';
import type { TextExporter } from '../format';
import { chart } from '../html/charts';
import { section } from '../html/markup';
import { htmlPage } from '../html/page';
import {
  answerSection,
  block,
  findings,
  heading as headingOf,
  methodSection,
  notes,
  terms,
} from '../html/parts';
import { titledTable } from '../html/tables';
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

const heading = (fleet: ReportedFleet, locale: Locale): string =>
  headingOf(
    {
      id: fleet.id,
      title: titleOf(fleet, locale),
      subtitle: subtitleOf(fleet, locale),
      note: fleet.label?.note,
      failure: failureOfAll(fleet),
    },
    locale,
  );

/** With the charts of the sentence's pair. */
const answer = ({ report }: ReportedFleet, locale: Locale, printed: boolean): string =>
  answerSection(
    report,
    report.charts
      .slice(0, report.sureness.length)
      .map((spec) => chart(spec, locale, printed))
      .join('\n'),
    '',
    locale,
  );

function reasons({ hosts: asked }: ReportedFleet, locale: Locale): string {
  const all = reasonsOf(locale, asked).map(
    ({ hosts, what, remedy }) => [hosts, [what, remedy].filter(Boolean).join(' ')] as const,
  );
  if (all.length === 0) return '';
  const title = message(locale, 'hosts.title.missing');
  return section('reasons', title, `<dl class="findings">\n${terms(all)}\n</dl>`);
}

function details({ report }: ReportedFleet, locale: Locale, printed: boolean): string {
  const others = report.charts.slice(report.sureness.length);
  const shown = [
    ...others.map((spec) => chart(spec, locale, printed)),
    ...report.tables.map((table) => titledTable(table, locale, printed)),
  ];
  return shown.length === 0 ? '' : section('hosts', message(locale, 'hosts.title.each'), shown.join('\n'));
}

const method = ({ report, hosts }: ReportedFleet, locale: Locale, printed: boolean): string =>
  methodSection(
    [
      findings(report.verdicts, locale),
      notes(report.verdicts, locale),
      block(
        message(locale, 'export.environment'),
        `<dl>\n${terms(hosts.map((host) => [host.name, hostFacts(host)]))}\n</dl>`,
      ),
    ],
    locale,
    printed,
  );
