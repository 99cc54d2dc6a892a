import type { Locale } from '../../contract/appearance';
import { explain, message, nameOf, planTitleIn, say } from '../../contract/messages';
import { missingWords } from '../../contract/run/missing';
import { hasPublished } from '../../contract/report/published';
import type { Table } from '../../contract/report/report';
import { surenessIn } from '../../contract/report/sureness';
import { partsOf } from '../../contract/report/subjects';
import { certaintyOf, verdictWords } from '../../contract/report/verdicts';
import type { Run } from '../../contract/run/run';
import type { TextExporter } from './format';
import { cellWords, columnScale } from '../../contract/report/cells';
import { recordedShellLine } from '../../contract/commandLine';
import { environmentFacts, subtitleOf } from './facts';
import { paintChart, paintPanel } from './svg';

/**
 * What a person pastes into an issue or a page: the answer first, then the figures by what they are about, then how they were measured.
 * Its pictures are files beside it, where files can be written.
 */
export const markdown: TextExporter = {
  files: (run, locale, { stem } = {}) => {
    const pictures = stem === undefined ? [] : picturesOf(run, locale, stem);
    return [{ content: `${sections(run, locale, pictures).join('\n\n')}\n` }, ...pictures];
  },
};

interface Picture {
  /** the chart's id; `answer` */
  of: string;
  title: string;
  beside: string;
  content: string;
}

function picturesOf({ report }: Run, locale: Locale, stem: string): Picture[] {
  const all = [
    ...(report?.answer
      ? [{ of: 'answer', title: report.answer.text, content: paintPanel(report.answer, locale) }]
      : []),
    ...(report?.charts ?? []).map((spec) => ({
      of: spec.id,
      title: spec.title,
      content: paintChart(spec, locale),
    })),
  ];
  return all.map(({ of, title, content }) => ({
    of,
    title: say(locale, title),
    beside: `${stem}-${of}.svg`,
    content,
  }));
}

type Pictures = readonly Picture[];

const sections = (run: Run, locale: Locale, pictures: Pictures): string[] => [
  ...heading(run, locale),
  ...answer(run, locale, pictures),
  ...details(run, locale, pictures),
  ...published(run, locale),
  ...method(run, locale),
];

const shown = (pictures: Pictures, of: string): string[] =>
  pictures
    .filter((one) => one.of === of)
    .map(({ title, beside }) => `![${plain(title)}](${encodeURI(beside).replace(/[()]/g, '\\$&')})`);

/**
 * A text that is not ours as one line that says exactly that: without Markdown's own signs, without HTML, and without what makes a line
 * a list or a rule where it begins with it.
 */
const plain = (words: string): string =>
  words
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, '')
    .replace(/[\t-\r \u2028\u2029]+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#~$&]/g, '\\$&')
    .replace(/^[-+](?!\d)/, '\\$&')
    .replace(/^(\d+)([.)])(?!\d)/, '$1\\$2');

function heading(run: Run, locale: Locale): string[] {
  const { label } = run;
  return [
    `# ${plain(message(locale, 'export.title', { name: label?.name ?? planTitleIn(locale, run.plan.name) }))}`,
    plain(subtitleOf(run, locale)),
    ...(label?.note
      ? [
          label.note
            .split(/\r?\n/)
            .map((line) => `> ${plain(line)}`)
            .join('\n'),
        ]
      : []),
    ...(run.failure ? [`> **${plain(explain(locale, run.failure).what)}**`] : []),
  ];
}

function answer({ report }: Run, locale: Locale, pictures: Pictures): string[] {
  const found = report?.answer;
  if (!found) return [];
  const { text, doubts, applications } = found;
  const sure = [
    ...surenessIn(found).map(
      ({ id, said }) => `- **${message(locale, `ui.report.row.${id}`)}** ${plain(say(locale, said))}`,
    ),
    ...doubts.map((doubt) => `- ${plain(say(locale, doubt))}`),
  ];
  return [
    `**${plain(say(locale, text))}**`,
    ...shown(pictures, 'answer'),
    ...(sure.length > 0 ? [`${message(locale, 'ui.report.howSure')}\n\n${sure.join('\n')}`] : []),
    ...(applications ? [titled(applications, locale)] : []),
  ];
}

function details({ report }: Run, locale: Locale, pictures: Pictures): string[] {
  const parts = report ? partsOf(report) : [];
  return parts.flatMap(({ subject, charts, tables }) => {
    const body = [
      ...charts.flatMap(({ id }) => shown(pictures, id)),
      ...tables.map((table) => titled(table, locale)),
    ];
    return body.length > 0 ? [`## ${message(locale, `ui.report.about.${subject}`)}`, ...body] : [];
  });
}

const titled = (table: Table, locale: Locale): string =>
  `### ${plain(say(locale, table.title))}\n\n${paintTable(table, locale)}`;

function method(run: Run, locale: Locale): string[] {
  return [
    `## ${message(locale, 'ui.report.method')}`,
    ...findings(run, locale),
    ...notes(run, locale),
    ...missing(run, locale),
    ...environment(run, locale),
    ...commands(run, locale),
  ];
}

function findings({ report }: Run, locale: Locale): string[] {
  const lines = (report?.verdicts ?? []).flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty
      ? [`- **${message(locale, `certainty.${certainty}`)}**: ${plain(verdictWords(locale, verdict))}`]
      : [];
  });
  return lines.length > 0 ? [`### ${message(locale, 'export.findings')}\n\n${lines.join('\n')}`] : [];
}

function notes({ report }: Run, locale: Locale): string[] {
  const of = (standing: string) =>
    (report?.verdicts ?? []).filter((verdict) => verdict.standing === standing);
  const lines = [...of('warning'), ...of('note')].map(({ text }) => `- ${plain(say(locale, text))}`);
  return lines.length > 0 ? [`### ${message(locale, 'ui.report.notes')}\n\n${lines.join('\n')}`] : [];
}

function paintTable(table: Table, locale: Locale): string {
  const { columns, rows, note } = table;
  const head = columns.map(({ title }) => plain(say(locale, title)));
  const rule = columns.map(({ unit }) => (unit === 'text' ? '---' : '--:'));
  const body = rows.map((row) => row.map((cell, at) => showCell(table, at, cell, locale)));
  const painted = [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return note ? `${painted}\n\n${plain(say(locale, note))}` : painted;
}

function showCell(table: Table, at: number, cell: Table['rows'][number][number], locale: Locale): string {
  const { value, interval } = cellWords(table.columns[at]!, cell, locale, columnScale(table, at));
  return interval === undefined ? plain(value) : `${plain(value)} (${plain(interval)})`;
}

/** Chart by chart, since each speaks of another quantity. */
const published = ({ report }: Run, locale: Locale): string[] =>
  (report?.charts ?? []).filter(hasPublished).map(({ title, references, aboutReferences }) => {
    const heading = `${message(locale, 'published.title')}: ${say(locale, title)}`;
    const lines = references.map(
      ({ label, published: figure, conditions, source }) =>
        `- **${plain(say(locale, label))}: ${plain(figure)}** – ${plain(say(locale, conditions))} ${plain(source)}`,
    );
    const about = aboutReferences ? `${plain(say(locale, aboutReferences))}\n\n` : '';
    return `## ${plain(heading)}\n\n${about}${lines.join('\n')}`;
  });

function missing(run: Run, locale: Locale): string[] {
  const lines = missingWords(locale, run).map((line) => `- ${plain(line)}`);
  return lines.length === 0 ? [] : [`### ${message(locale, 'export.missing')}\n\n${lines.join('\n')}`];
}

function environment(run: Run, locale: Locale): string[] {
  const lines = environmentFacts(run, locale).map(([title, value]) => `| ${title} | ${plain(value)} |`);
  const head = `| ${message(locale, 'export.fact')} | ${message(locale, 'export.value')} |\n| --- | --- |`;
  return [`### ${message(locale, 'export.environment')}\n\n${head}\n${lines.join('\n')}`];
}

function commands({ environment: { commands: all } }: Run, locale: Locale): string[] {
  if (all.length === 0) return [];
  const blocks = all.map(
    ({ workload, target, line }) =>
      `${plain(workload)} · ${plain(nameOf(locale, 'target', target))}\n\n${fenced(recordedShellLine({ target, line }))}`,
  );
  return [`### ${message(locale, 'export.commands')}\n\n${blocks.join('\n\n')}`];
}

function fenced(words: string): string {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${words}\n${fence}`;
}
