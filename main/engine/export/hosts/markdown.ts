/** A report of several hosts as Markdown: with its pictures as files beside it, or, for the summary of a job, with neither files nor details. */
import type { Locale } from '../../../contract/appearance';
import { reasonsOf } from '../../../contract/fleet/reasons';
import { message, say } from '../../../contract/messages';
import { certaintyOf, verdictWords } from '../../../contract/report/verdicts';
import type { TextExporter } from '../format';
import { shown, type Picture, type Pictures } from '../markdown/answer';
import { listed, plain } from '../markdown/markup';
import { titled } from '../markdown/tables';
import { paintChart } from '../svg';
import type { ReportedFleet } from '../../report/hosts/reported';
import { hostFacts, subtitleOf, titleOf } from './facts';

export const fleetMarkdown: TextExporter<ReportedFleet> = {
  files: (fleet, locale, { stem } = {}) => {
    const pictures = stem === undefined ? [] : picturesOf(fleet, locale, stem);
    const parts = [
      ...answer(fleet, locale, pictures),
      ...details(fleet, locale, pictures),
      ...method(fleet, locale),
    ];
    return [{ content: `${parts.join('\n\n')}\n` }, ...pictures];
  },
};

/** The answer alone, with the tables of the sentence's pair. */
export const fleetSummary: TextExporter<ReportedFleet> = {
  files: (fleet, locale) => {
    const { tables, sureness } = fleet.report;
    const parts = [
      ...answer(fleet, locale, []),
      ...tables.slice(0, sureness.length).map((table) => titled(table, locale)),
    ];
    return [{ content: `${parts.join('\n\n')}\n` }];
  },
};

const picturesOf = ({ report }: ReportedFleet, locale: Locale, stem: string): Picture[] =>
  report.charts.map((spec) => ({
    of: spec.id,
    title: say(locale, spec.title),
    beside: `${stem}-${spec.id}.svg`,
    content: paintChart(spec, locale),
  }));

function answer(fleet: ReportedFleet, locale: Locale, pictures: Pictures): string[] {
  const { report, label, hosts } = fleet;
  const sure = [
    ...report.sureness.map(
      ({ id, said }) => `- **${message(locale, `ui.report.row.${id}`)}** ${plain(say(locale, said))}`,
    ),
    ...report.doubts.map((doubt) => `- ${plain(say(locale, doubt))}`),
  ];
  const reasons = reasonsOf(locale, hosts).map(
    ({ hosts: names, what, remedy }) => `${names}: ${[what, remedy].filter(Boolean).join(' ')}`,
  );
  return [
    `# ${plain(message(locale, 'export.title', { name: titleOf(fleet, locale) }))}`,
    plain(subtitleOf(fleet, locale)),
    ...(label?.note
      ? [
          label.note
            .split(/\r?\n/)
            .map((line) => `> ${plain(line)}`)
            .join('\n'),
        ]
      : []),
    `**${plain(say(locale, report.text))}**`,
    ...report.charts.slice(0, report.sureness.length).flatMap(({ id }) => shown(pictures, id)),
    ...(sure.length > 0 ? [`${message(locale, 'ui.report.howSure')}\n\n${sure.join('\n')}`] : []),
    ...(reasons.length > 0 ? [`## ${message(locale, 'hosts.title.missing')}`, ...listed(reasons)] : []),
  ];
}

function details({ report }: ReportedFleet, locale: Locale, pictures: Pictures): string[] {
  const others = report.charts.slice(report.sureness.length);
  const body = [
    ...others.flatMap(({ id }) => shown(pictures, id)),
    ...report.tables.map((table) => titled(table, locale)),
  ];
  return body.length > 0 ? [`## ${message(locale, 'hosts.title.each')}`, ...body] : [];
}

function method({ report, hosts }: ReportedFleet, locale: Locale): string[] {
  const findings = report.verdicts.flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty
      ? [`- **${message(locale, `certainty.${certainty}`)}**: ${plain(verdictWords(locale, verdict))}`]
      : [];
  });
  const notes = report.verdicts.filter(({ standing }) => standing === 'note');
  return [
    `## ${message(locale, 'ui.report.method')}`,
    ...(findings.length > 0 ? [`### ${message(locale, 'export.findings')}\n\n${findings.join('\n')}`] : []),
    ...notes.map(({ text }) => plain(say(locale, text))),
    `### ${message(locale, 'export.environment')}`,
    ...listed(hosts.map((host) => `${host.name}: ${hostFacts(host)}`)),
  ];
}
