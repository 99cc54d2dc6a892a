/** Charts and tables by what they are about, and how all of it was measured. */
import type { Locale } from '../../../../contract/appearance';
import { recordedShellLine } from '../../../../contract/commandLine';
import { message, nameOf } from '../../../../contract/messages';
import { hasPublished } from '../../../../contract/report/published';
import { partsOf, type ReportPart } from '../../../../contract/report/subjects';
import { missingWords } from '../../../../contract/run/missing';
import type { Run } from '../../../../contract/run/run';
import { environmentFacts } from '../facts';
import { chart } from './charts';
import { escape, section } from './markup';
import { block, findings, list, methodSection, notes, terms } from './parts';
import { titledTable } from './tables';

/** Paper has the first chart and the first table of each subject, and what was asked for; the file for a browser has all. */
export function details({ report }: Run, locale: Locale, printed: boolean): string[] {
  const parts = report ? partsOf(report) : [];
  return printed
    ? parts.map(({ subject, charts, tables }) =>
        part(
          {
            subject,
            charts: charts.filter((spec, at) => at === 0 || hasPublished(spec)),
            tables: tables.slice(0, 1),
          },
          locale,
          true,
        ),
      )
    : parts.map((one) => part(one, locale, false));
}

const part = ({ subject, charts, tables }: ReportPart, locale: Locale, printed: boolean): string =>
  section(
    `about-${subject}`,
    message(locale, `ui.report.about.${subject}`),
    [
      ...charts.map((spec) => chart(spec, locale, printed)),
      ...tables.map((one) => titledTable(one, locale, printed)),
    ].join('\n'),
  );

export function method(run: Run, locale: Locale, printed: boolean): string {
  const verdicts = run.report?.verdicts ?? [];
  return methodSection(
    [
      findings(verdicts, locale),
      notes(verdicts, locale),
      missing(run, locale),
      environment(run, locale),
      commands(run, locale, printed),
    ],
    locale,
    printed,
  );
}

function missing(run: Run, locale: Locale): string {
  const lines = missingWords(locale, run);
  return lines.length === 0 ? '' : block(message(locale, 'export.missing'), list(lines));
}

function environment(run: Run, locale: Locale): string {
  return block(message(locale, 'export.environment'), `<dl>\n${terms(environmentFacts(run, locale))}\n</dl>`);
}

/** On paper one of each target: those of the other applications differ in names and places only. */
function commands({ environment: { commands: all } }: Run, locale: Locale, printed: boolean): string {
  const shown = printed ? [...new Map(all.toReversed().map((one) => [one.target, one])).values()] : all;
  if (shown.length === 0) return '';
  const blocks = shown.map(({ workload, target, line }) => {
    const of = `${escape(workload)} · ${escape(nameOf(locale, 'target', target))}`;
    const code = `<pre tabindex="0"><code>${escape(recordedShellLine({ target, line }))}</code></pre>`;
    return printed
      ? `<p class="of">${of}</p>\n${code}`
      : `<details><summary>${of}</summary>\n${code}\n</details>`;
  });
  return block(message(locale, 'export.commands'), blocks.join('\n'));
}
