/** A report of several hosts as Markdown: with its pictures as files beside it, or, for the summary of a job, with neither files nor details. */
import type { Locale } from '../../../../contract/appearance';
import { failureOfAll, reasonsOf } from '../../../../contract/fleet/reasons';
import { message, say } from '../../../../contract/messages';
import type { TextExporter } from '../format';
import { listed } from '../markdown/markup';
import {
  findings,
  heading,
  howSure,
  notes,
  sentence,
  shown,
  type Picture,
  type Pictures,
} from '../markdown/parts';
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
  const { text, sureness, doubts, charts } = fleet.report;
  const reasons = reasonsOf(locale, fleet.hosts).map(
    ({ hosts, what, remedy }) => `${hosts}: ${[what, remedy].filter(Boolean).join(' ')}`,
  );
  return [
    ...heading(
      {
        title: titleOf(fleet, locale),
        subtitle: subtitleOf(fleet, locale),
        note: fleet.label?.note,
        failure: failureOfAll(fleet),
      },
      locale,
    ),
    sentence(text, locale),
    ...charts.slice(0, sureness.length).flatMap(({ id }) => shown(pictures, id)),
    ...howSure(sureness, doubts, locale),
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

const method = ({ report, hosts }: ReportedFleet, locale: Locale): string[] => [
  `## ${message(locale, 'ui.report.method')}`,
  ...findings(report.verdicts, locale),
  ...notes(report.verdicts, locale),
  `### ${message(locale, 'export.environment')}`,
  ...listed(hosts.map((host) => `${host.name}: ${hostFacts(host)}`)),
];
