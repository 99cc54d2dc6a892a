/** What every report as Markdown is made of, be it of one run or of several hosts. */
import type { Locale } from '../../../../contract/appearance';
import type { Failure } from '../../../../contract/failures';
import { explain, message, say } from '../../../../contract/messages';
import type { Message, Verdict } from '../../../../contract/report/report';
import type { Sureness } from '../../../../contract/report/sureness';
import { certaintyOf, verdictWords } from '../../../../contract/report/verdicts';
import { plain } from './markup';

export interface Picture {
  /** the chart's id; `answer` */
  of: string;
  title: string;
  beside: string;
  content: string;
}

export type Pictures = readonly Picture[];

export const shown = (pictures: Pictures, of: string): string[] =>
  pictures
    .filter((one) => one.of === of)
    .map(({ title, beside }) => `![${plain(title)}](${encodeURI(beside).replace(/[()]/g, '\\$&')})`);

interface Head {
  title: string;
  subtitle: string;
  note: string | undefined;
  failure: Failure | undefined;
}

export function heading({ title, subtitle, note, failure }: Head, locale: Locale): string[] {
  const quoted = (text: string) =>
    text
      .split(/\r?\n/)
      .map((line) => `> ${plain(line)}`)
      .join('\n');
  return [
    `# ${plain(message(locale, 'export.title', { name: title }))}`,
    plain(subtitle),
    ...(note ? [quoted(note)] : []),
    ...(failure ? [`> **${plain(explain(locale, failure).what)}**`] : []),
  ];
}

export const sentence = (text: Message, locale: Locale): string => `**${plain(say(locale, text))}**`;

export function howSure(sureness: readonly Sureness[], doubts: readonly Message[], locale: Locale): string[] {
  const lines = [
    ...sureness.map(
      ({ id, said }) => `- **${message(locale, `ui.report.row.${id}`)}** ${plain(say(locale, said))}`,
    ),
    ...doubts.map((doubt) => `- ${plain(say(locale, doubt))}`),
  ];
  return lines.length > 0 ? [`${message(locale, 'ui.report.howSure')}\n\n${lines.join('\n')}`] : [];
}

export function findings(verdicts: readonly Verdict[], locale: Locale): string[] {
  const lines = verdicts.flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty
      ? [`- **${message(locale, `certainty.${certainty}`)}**: ${plain(verdictWords(locale, verdict))}`]
      : [];
  });
  return lines.length > 0 ? [`### ${message(locale, 'export.findings')}\n\n${lines.join('\n')}`] : [];
}

export function notes(verdicts: readonly Verdict[], locale: Locale): string[] {
  const of = (standing: string) => verdicts.filter((verdict) => verdict.standing === standing);
  const lines = [...of('warning'), ...of('note')].map(({ text }) => `- ${plain(say(locale, text))}`);
  return lines.length > 0 ? [`### ${message(locale, 'ui.report.notes')}\n\n${lines.join('\n')}`] : [];
}
