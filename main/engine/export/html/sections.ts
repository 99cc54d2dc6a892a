import type { Locale } from '../../../contract/appearance';
import { explain, message, nameOf, planTitleIn, say } from '../../../contract/messages';
import { missingWords } from '../../../contract/run/missing';
import type { Table, Verdict } from '../../../contract/report/report';
import type { Run } from '../../../contract/run/run';
import { weakenedWords, weaknessesTold, weaknessName } from '../../../contract/report/weaknesses';
import { cellWords, columnScale } from '../../../contract/report/cells';
import { shellLine } from '../../../contract/commandLine';
import { environmentFacts, subtitleOf } from '../facts';
import { escape, section, table, type HtmlCell } from './markup';

export function heading(run: Run, locale: Locale): string {
  const emulated = run.trials.some(({ accelerator }) => accelerator === 'tcg');
  const failure = run.failure && explain(locale, run.failure);
  // An id that is broken over two lines cannot be searched for in a PDF.
  const subtitle = escape(subtitleOf(run, locale)).replace(run.id, `<span class="whole">${run.id}</span>`);
  return [
    '<header>',
    `<p class="brand">Tare</p>`,
    `<h1>${escape(planTitleIn(locale, run.plan.name))}</h1>`,
    `<p class="muted">${subtitle}</p>`,
    emulated ? `<p class="caution">${escape(message(locale, 'chart.emulated'))}</p>` : '',
    failure
      ? `<p class="failure"><strong>${escape(failure.what)}</strong> ${escape(failure.remedy)}</p>`
      : '',
    '</header>',
  ]
    .filter(Boolean)
    .join('\n');
}

const marks: Record<Verdict['standing'], string> = { holds: '✓', unclear: '?', warning: '!', note: 'i' };

/** What was found first, then what must be known before it is quoted; the notes stand at the end. */
const order: Verdict['standing'][] = ['holds', 'unclear', 'warning'];

export function findings({ report }: Run, locale: Locale): string {
  const verdicts = order.flatMap((standing) =>
    (report?.verdicts ?? []).filter((verdict) => verdict.standing === standing),
  );
  if (verdicts.length === 0) return '';
  const items = verdicts.map((verdict) => {
    const { standing, text } = verdict;
    const meaning = escape(message(locale, `ui.verdict.${standing}`));
    const weakened = weakenedWords(locale, verdict);
    const beside = weakened === undefined ? '' : ` <small class="weak">${escape(weakened)}</small>`;
    return `<li class="${standing}"><span class="mark" title="${meaning}" aria-label="${meaning}" role="img">${marks[standing]}</span><p>${escape(say(locale, text))}${beside}</p></li>`;
  });
  return section(
    'findings',
    message(locale, 'export.findings'),
    `<ul class="findings">\n${items.join('\n')}\n</ul>${weaknesses(verdicts, locale)}`,
  );
}

/** Each sentence once, however many findings name it. */
function weaknesses(verdicts: readonly Verdict[], locale: Locale): string {
  const items = weaknessesTold(verdicts).map(
    (one) => `<li><b>${escape(weaknessName(locale, one))}</b> – ${escape(say(locale, one))}</li>`,
  );
  if (items.length === 0) return '';
  const title = escape(message(locale, 'weakened.title'));
  return `\n<div class="weaknesses">\n<p>${title}</p>\n<ul class="plain">\n${items.join('\n')}\n</ul>\n</div>`;
}

export function notes({ report }: Run, locale: Locale): string {
  const items = (report?.verdicts ?? [])
    .filter(({ standing }) => standing === 'note')
    .map(({ text }) => `<li>${escape(say(locale, text))}</li>`);
  if (items.length === 0) return '';
  const list = `<ul class="plain">\n${items.join('\n')}\n</ul>`;
  return section('notes', message(locale, 'ui.report.notes'), list);
}

export const tables = (run: Run, locale: Locale): string =>
  (run.report?.tables ?? [])
    .map((one) => {
      const note = one.note ? `\n<p class="note">${escape(say(locale, one.note))}</p>` : '';
      return section(`table-${one.id}`, say(locale, one.title), `${reportTable(one, locale)}${note}`);
    })
    .join('\n');

function reportTable(of: Table, locale: Locale): string {
  const { title, columns, rows } = of;
  const scales = columns.map((_, at) => columnScale(of, at));
  return table({
    caption: say(locale, title),
    columns: columns.map((column) => ({ title: say(locale, column.title), numeric: column.unit !== 'text' })),
    rows: rows.map((row) =>
      row.map((cell, at): HtmlCell => {
        const { value, interval } = cellWords(columns[at]!, cell, locale, scales[at]);
        const n = cell.n === undefined ? undefined : message(locale, 'ui.table.n', { n: cell.n });
        const detail = interval === undefined ? undefined : [interval, n].filter(Boolean).join(' · ');
        return { words: value, value: cell.value, ...(detail !== undefined && { detail }) };
      }),
    ),
  });
}

export function missing(run: Run, locale: Locale): string {
  const items = missingWords(locale, run).map((line) => `<li>${escape(line)}</li>`);
  return items.length === 0
    ? ''
    : section('missing', message(locale, 'export.missing'), `<ul class="plain">\n${items.join('\n')}\n</ul>`);
}

export function environment(run: Run, locale: Locale): string {
  const facts = environmentFacts(run, locale).map(
    ([title, value]) => `<div><dt>${escape(title)}</dt><dd>${escape(value)}</dd></div>`,
  );
  return section('environment', message(locale, 'export.environment'), `<dl>\n${facts.join('\n')}\n</dl>`);
}

export function commands({ environment: { commands: all } }: Run, locale: Locale, printed: boolean): string {
  if (all.length === 0) return '';
  const open = printed ? ' open' : '';
  const blocks = all.map(
    ({ workload, target, line }) =>
      `<details${open}><summary>${escape(workload)} · ${escape(nameOf(locale, 'target', target))}</summary>\n<pre tabindex="0"><code>${escape(shellLine(line))}</code></pre>\n</details>`,
  );
  return section('commands', message(locale, 'export.commands'), blocks.join('\n'));
}
