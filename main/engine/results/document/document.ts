/**
 * A report as a document: the answer first, then the details by what they are about, then how all of it was record. The outline is one
 * for a run and for a run on several hosts; what differs stands where it differs.
 */
import type { Locale } from '../../../contract/appearance';
import { recordedShellLine } from '../../../contract/commandLine';
import { failureOfAll, reasonsOf } from '../../../contract/fleet/reasons';
import { explain, message, nameOf, say } from '../../../contract/messages';
import { hasPublished } from '../../../contract/report/published';
import type { ChartSpec, Message, Table } from '../../../contract/report/report';
import { partsOf } from '../../../contract/report/subjects';
import { surenessIn, type Sureness } from '../../../contract/report/sureness';
import { findingsIn, notesIn, verdictWords } from '../../../contract/report/verdicts';
import { missingWords } from '../../../contract/run/missing';
import type { Run } from '../../../contract/run/run';
import { isOfHosts } from '../../../contract/record';
import type { ReportedRecord } from '../report/reported';
import type { Block, Line, Picture } from './blocks';
import { environmentFacts, hostFacts, subtitleOf, titleOf } from './facts';

/**
 * `screen` has everything, which a reader folds and unfolds · `paper`, of each subject what matters most · `text` has published figures
 * as lists, which the other two draw
 */
export type Medium = 'screen' | 'paper' | 'text';

export const documentOf = (record: ReportedRecord, locale: Locale, medium: Medium): Block[] => [
  headingOf(record, locale),
  ...answerOf(record, locale),
  ...detailsOf(record, locale, medium),
  ...(medium === 'text' ? publishedOf(record, locale) : []),
  methodOf(record, locale, medium),
];

export function headingOf(record: ReportedRecord, locale: Locale): Block {
  const failure = isOfHosts(record) ? failureOfAll(record) : record.failure;
  return {
    kind: 'heading',
    id: record.id,
    title: titleOf(record, locale),
    subtitle: subtitleOf(record, locale),
    note: record.label?.note,
    failure: failure && explain(locale, failure),
  };
}

/** The sentence with its pictures and how sure it is, and which hosts gave no run. */
export function answerOf(record: ReportedRecord, locale: Locale): Block[] {
  if (isOfHosts(record)) {
    const { text, charts, sureness, doubts } = record.report;
    return [
      {
        kind: 'answer',
        sentence: say(locale, text),
        blocks: [...charts.slice(0, sureness.length).map(chart), ...howSure(sureness, doubts, locale)],
      },
      ...reasons(record, locale),
    ];
  }
  const answer = record.report?.answer;
  if (!answer) return [];
  return [
    {
      kind: 'answer',
      sentence: say(locale, answer.text),
      blocks: [
        { kind: 'picture', picture: { of: 'answer', answer } },
        ...howSure(surenessIn(answer), answer.doubts, locale),
        ...(answer.applications ? [{ ...table(answer.applications), open: true }] : []),
      ],
    },
  ];
}

/** All that a document shows, in the order of the record. */
export function picturesOf(record: ReportedRecord): Picture[] {
  const answer = isOfHosts(record) ? undefined : record.report?.answer;
  return [
    ...(answer ? [{ of: 'answer', answer } as const] : []),
    ...(record.report?.charts ?? []).map((spec) => ({ of: 'chart', spec }) as const),
  ];
}

const chart = (spec: ChartSpec): Block => ({ kind: 'picture', picture: { of: 'chart', spec } });

export const table = (one: Table): Extract<Block, { kind: 'table' }> => ({ kind: 'table', table: one });

const section = (id: string, title: string, blocks: Block[]): Block[] =>
  blocks.length === 0 ? [] : [{ kind: 'section', id, title, blocks }];

const group = (title: string, blocks: Block[]): Block[] =>
  blocks.length === 0 ? [] : [{ kind: 'group', title, blocks }];

export const list = (lines: readonly string[]): Block[] =>
  lines.length === 0 ? [] : [{ kind: 'list', lines: lines.map((words) => ({ words })) }];

function howSure(sureness: readonly Sureness[], doubts: readonly Message[], locale: Locale): Block[] {
  if (sureness.length + doubts.length === 0) return [];
  return [
    {
      kind: 'sureness',
      title: message(locale, 'ui.report.howSure'),
      figures: sureness.map(({ id, said }) => ({
        lead: message(locale, `ui.report.row.${id}`),
        words: say(locale, said),
      })),
      doubts: doubts.map((doubt) => say(locale, doubt)),
    },
  ];
}

function reasons({ hosts: asked }: Extract<ReportedRecord, { hosts: unknown }>, locale: Locale): Block[] {
  const terms = reasonsOf(locale, asked).map(({ hosts, what, remedy }): [string, string] => [
    hosts,
    [what, remedy].filter(Boolean).join(' '),
  ]);
  if (terms.length === 0) return [];
  return section('reasons', message(locale, 'hosts.title.missing'), [
    { kind: 'terms', of: 'reasons', terms },
  ]);
}

/** Of a run on paper the first chart and the first table of each subject. */
function detailsOf(record: ReportedRecord, locale: Locale, medium: Medium): Block[] {
  if (isOfHosts(record)) {
    const { charts, sureness, tables } = record.report;
    return section('hosts', message(locale, 'hosts.title.each'), [
      ...charts.slice(sureness.length).map(chart),
      ...tables.map(table),
    ]);
  }
  const isShort = medium === 'paper';
  return partsOf(record.report ?? { charts: [], tables: [] }).flatMap(({ subject, charts, tables }) =>
    section(`about-${subject}`, message(locale, `ui.report.about.${subject}`), [
      ...charts.filter((spec, at) => !isShort || at === 0 || hasPublished(spec)).map(chart),
      ...(isShort ? tables.slice(0, 1) : tables).map(table),
    ]),
  );
}

/** Chart by chart, since each speaks of another quantity. */
const publishedOf = ({ report }: ReportedRecord, locale: Locale): Block[] =>
  (report?.charts ?? []).filter(hasPublished).flatMap(({ id, title, references, aboutReferences }) =>
    section(`published-${id}`, `${message(locale, 'published.title')}: ${say(locale, title)}`, [
      ...(aboutReferences ? [{ kind: 'paragraph', words: say(locale, aboutReferences) } as const] : []),
      {
        kind: 'list',
        lines: references.map(({ label, published, conditions, source }): Line => ({
          lead: `${say(locale, label)}: ${published}`,
          words: `– ${say(locale, conditions)} ${source}`,
        })),
      },
    ]),
  );

function methodOf(record: ReportedRecord, locale: Locale, medium: Medium): Block {
  const verdicts = record.report?.verdicts ?? [];
  const findings = findingsIn(verdicts).map(({ verdict, certainty }): [string, string] => [
    message(locale, `certainty.${certainty}`),
    verdictWords(locale, verdict),
  ]);
  const notes = notesIn(verdicts).map(({ text }) => say(locale, text));
  return {
    kind: 'method',
    title: message(locale, 'ui.report.method'),
    blocks: [
      ...group(
        message(locale, 'export.findings'),
        findings.length > 0 ? [{ kind: 'terms', of: 'findings', terms: findings }] : [],
      ),
      ...group(message(locale, 'ui.report.notes'), list(notes)),
      ...(isOfHosts(record)
        ? []
        : group(message(locale, 'export.missing'), list(missingWords(locale, record)))),
      ...group(message(locale, 'export.environment'), [environment(record, locale)]),
      ...(isOfHosts(record) ? [] : commands(record, locale, medium)),
    ],
  };
}

const environment = (record: ReportedRecord, locale: Locale): Block =>
  isOfHosts(record)
    ? {
        kind: 'terms',
        of: 'facts',
        terms: record.hosts.map((host) => [host.name, hostFacts(host)]),
      }
    : {
        kind: 'terms',
        of: 'facts',
        head: [message(locale, 'export.fact'), message(locale, 'export.value')],
        terms: environmentFacts(record, locale),
      };

/** On paper one of each target: those of the other applications differ in names and places only. */
function commands({ environment: { commands: all } }: Run, locale: Locale, medium: Medium): Block[] {
  const shown =
    medium === 'paper' ? [...new Map(all.toReversed().map((one) => [one.target, one])).values()] : all;
  return group(
    message(locale, 'export.commands'),
    shown.map(({ workload, target, line }) => ({
      kind: 'command',
      of: `${workload} · ${nameOf(locale, 'target', target)}`,
      line: recordedShellLine({ target, line }),
    })),
  );
}
