import type { Locale } from '../../contract/appearance';
import { explain, message, nameOf, say } from '../../contract/messages';
import { missingWords } from '../../contract/run/missing';
import { hasPublished } from '../../contract/report/published';
import type { Table, Verdict } from '../../contract/report/report';
import { weakenedWords, weaknessesTold, weaknessName } from '../../contract/report/weaknesses';
import type { Run } from '../../contract/run/run';
import type { TextExporter } from './format';
import { cellWords } from '../../contract/report/cells';
import { shellLine } from '../../contract/commandLine';
import { environmentFacts, subtitleOf } from './facts';

/** What a person pastes into an issue or a page: findings first, then the figures, then what they were taken on. */
export const markdown: TextExporter = {
  files: (run, locale) => [{ content: `${sections(run, locale).join('\n\n')}\n` }],
};

const sections = (run: Run, locale: Locale): string[] => [
  ...heading(run, locale),
  ...findings(run, locale),
  ...(run.report?.tables ?? []).map(
    (table) => `## ${say(locale, table.title)}\n\n${paintTable(table, locale)}`,
  ),
  ...published(run, locale),
  ...missing(run, locale),
  ...environment(run, locale),
  ...commands(run, locale),
];

/** Markdown's own signs in a text that is not ours. */
const plain = (words: string): string => words.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\r?\n/g, ' ');

function heading(run: Run, locale: Locale): string[] {
  return [
    `# ${plain(message(locale, 'export.title', { name: run.plan.name }))}`,
    plain(subtitleOf(run, locale)),
    ...(run.failure ? [`> **${plain(explain(locale, run.failure).what)}**`] : []),
  ];
}

const marks = { holds: '✅', unclear: '❔', warning: '⚠️', note: 'ℹ️' } as const;

function findings({ report }: Run, locale: Locale): string[] {
  const verdicts = report?.verdicts ?? [];
  if (verdicts.length === 0) return [];
  const lines = verdicts.map((verdict) => {
    const line = `- ${marks[verdict.standing]} ${plain(say(locale, verdict.text))}`;
    const weakened = weakenedWords(locale, verdict);
    return weakened === undefined ? line : `${line} *${plain(weakened)}*`;
  });
  return [`## ${message(locale, 'export.findings')}\n\n${lines.join('\n')}`, ...weaknesses(verdicts, locale)];
}

/** Each sentence once, however many findings name it. */
function weaknesses(verdicts: readonly Verdict[], locale: Locale): string[] {
  const lines = weaknessesTold(verdicts).map(
    (one) => `- *${plain(weaknessName(locale, one))}* – ${plain(say(locale, one))}`,
  );
  return lines.length === 0 ? [] : [`${message(locale, 'weakened.title')}:\n\n${lines.join('\n')}`];
}

function paintTable({ columns, rows, note }: Table, locale: Locale): string {
  const head = columns.map(({ title }) => plain(say(locale, title)));
  const rule = columns.map(({ unit }) => (unit === 'text' ? '---' : '--:'));
  const body = rows.map((row) => row.map((cell, at) => showCell(columns[at]!, cell, locale)));
  const painted = [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return note ? `${painted}\n\n${plain(say(locale, note))}` : painted;
}

function showCell(
  column: Table['columns'][number],
  cell: Table['rows'][number][number],
  locale: Locale,
): string {
  const { value, interval } = cellWords(column, cell, locale);
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
  return lines.length === 0 ? [] : [`## ${message(locale, 'export.missing')}\n\n${lines.join('\n')}`];
}

function environment(run: Run, locale: Locale): string[] {
  const lines = environmentFacts(run, locale).map(([title, value]) => `| ${title} | ${plain(value)} |`);
  const head = `| ${message(locale, 'export.fact')} | ${message(locale, 'export.value')} |\n| --- | --- |`;
  return [`## ${message(locale, 'export.environment')}\n\n${head}\n${lines.join('\n')}`];
}

function commands({ environment: { commands: all } }: Run, locale: Locale): string[] {
  if (all.length === 0) return [];
  const blocks = all.map(
    ({ workload, target, line }) =>
      `${plain(workload)} · ${plain(nameOf(locale, 'target', target))}\n\n${fenced(shellLine(line))}`,
  );
  return [`## ${message(locale, 'export.commands')}\n\n${blocks.join('\n\n')}`];
}

function fenced(words: string): string {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${words}\n${fence}`;
}
