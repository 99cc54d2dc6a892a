import type { Locale } from '../../../contract/appearance';
import { recordedShellLine } from '../../../contract/commandLine';
import { message, nameOf, say } from '../../../contract/messages';
import { hasPublished } from '../../../contract/report/published';
import { partsOf } from '../../../contract/report/subjects';
import { missingWords } from '../../../contract/run/missing';
import type { Run } from '../../../contract/run/run';
import { environmentFacts } from './facts';
import type { TextExporter } from './format';
import { answer, headingOf } from './markdown/answer';
import { fenced, plain } from './markdown/markup';
import { findings, notes, shown, type Picture, type Pictures } from './markdown/parts';
import { titled } from './markdown/tables';
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

const sections = (run: Run, locale: Locale, pictures: Pictures): string[] => [
  ...headingOf(run, locale),
  ...answer(run, locale, pictures),
  ...details(run, locale, pictures),
  ...published(run, locale),
  ...method(run, locale),
];

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

function method(run: Run, locale: Locale): string[] {
  const verdicts = run.report?.verdicts ?? [];
  return [
    `## ${message(locale, 'ui.report.method')}`,
    ...findings(verdicts, locale),
    ...notes(verdicts, locale),
    ...missing(run, locale),
    ...environment(run, locale),
    ...commands(run, locale),
  ];
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
