/** Charts and tables by what they are about, and how all of it was measured. */
import type { Locale } from '../../../contract/appearance';
import { recordedShellLine } from '../../../contract/commandLine';
import { message, nameOf, say } from '../../../contract/messages';
import { hasPublished } from '../../../contract/report/published';
import type { Table } from '../../../contract/report/report';
import { partsOf, type ReportPart } from '../../../contract/report/subjects';
import { certaintyOf, verdictWords } from '../../../contract/report/verdicts';
import { missingWords } from '../../../contract/run/missing';
import type { Run } from '../../../contract/run/run';
import { environmentFacts } from '../facts';
import { chart } from './charts';
import { escape, section } from './markup';
import { reportTable } from './tables';

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
      ...tables.map((one) => (printed ? unfolded(one, locale) : folded(one, locale))),
    ].join('\n'),
  );

const folded = (table: Table, locale: Locale): string =>
  `<details class="table"><summary id="table-${escape(table.id)}">${escape(say(locale, table.title))}</summary>\n${reportTable(table, locale)}\n</details>`;

const unfolded = (table: Table, locale: Locale): string =>
  `<h3 id="table-${escape(table.id)}">${escape(say(locale, table.title))}</h3>\n${reportTable(table, locale)}`;

/** Folded on a screen: whoever has read the answer may ask how it was found. */
export function method(run: Run, locale: Locale, printed: boolean): string {
  const title = escape(message(locale, 'ui.report.method'));
  const body = [
    findings(run, locale),
    notes(run, locale),
    missing(run, locale),
    environment(run, locale),
    commands(run, locale, printed),
  ]
    .filter(Boolean)
    .join('\n');
  return printed
    ? `<section class="method" aria-labelledby="method">\n<h2 id="method">${title}</h2>\n${body}\n</section>`
    : `<details class="method" id="method"><summary>${title}</summary>\n${body}\n</details>`;
}

const block = (title: string, body: string): string =>
  `<div class="block">\n<h3>${escape(title)}</h3>\n${body}\n</div>`;
const list = (lines: readonly string[]): string =>
  `<ul class="plain">\n${lines.map((line) => `<li>${escape(line)}</li>`).join('\n')}\n</ul>`;

function findings({ report }: Run, locale: Locale): string {
  const lines = (report?.verdicts ?? []).flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty
      ? [
          `<div><dt>${escape(message(locale, `certainty.${certainty}`))}</dt><dd>${escape(verdictWords(locale, verdict))}</dd></div>`,
        ]
      : [];
  });
  return lines.length === 0
    ? ''
    : block(message(locale, 'export.findings'), `<dl class="findings">\n${lines.join('\n')}\n</dl>`);
}

function notes({ report }: Run, locale: Locale): string {
  const of = (standing: string) =>
    (report?.verdicts ?? []).filter((verdict) => verdict.standing === standing);
  const lines = [...of('warning'), ...of('note')].map(({ text }) => say(locale, text));
  return lines.length === 0 ? '' : block(message(locale, 'ui.report.notes'), list(lines));
}

function missing(run: Run, locale: Locale): string {
  const lines = missingWords(locale, run);
  return lines.length === 0 ? '' : block(message(locale, 'export.missing'), list(lines));
}

function environment(run: Run, locale: Locale): string {
  const facts = environmentFacts(run, locale).map(
    ([title, value]) => `<div><dt>${escape(title)}</dt><dd>${escape(value)}</dd></div>`,
  );
  return block(message(locale, 'export.environment'), `<dl>\n${facts.join('\n')}\n</dl>`);
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
