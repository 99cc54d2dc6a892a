import type { Locale } from '../../contract/calls';
import { explain, isMessageKey, listOf, message, nameOf, say } from '../../contract/messages';
import { showBytes, showNumber, showPercent, showValue } from '../../contract/quantities';
import type { Cell, Table } from '../../contract/report';
import type { Run } from '../../contract/run';
import { showInterval } from './interval';
import type { Exporter } from './exporter';

/** What a person pastes into an issue or a page: findings first, then the figures, then what they were taken on. */
export const markdown: Exporter = {
  files: (run, locale) => [{ content: `${sections(run, locale).join('\n\n')}\n` }],
};

const sections = (run: Run, locale: Locale): string[] => [
  ...heading(run, locale),
  ...findings(run, locale),
  ...(run.report?.tables ?? []).map(
    (table) => `## ${say(locale, table.title)}\n\n${paintTable(table, locale)}`,
  ),
  ...missing(run, locale),
  ...environment(run, locale),
  ...commands(run, locale),
];

/** Markdown's own signs in a text that is not ours. */
const plain = (words: string): string => words.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\r?\n/g, ' ');

const code = (words: string): string => {
  const fence = '`'.repeat(1 + Math.max(0, ...(words.match(/`+/g) ?? []).map(({ length }) => length)));
  return fence.length === 1 ? `\`${words}\`` : `${fence} ${words} ${fence}`;
};

function heading(run: Run, locale: Locale): string[] {
  const targets = run.plan.targets.map((target) => nameOf(locale, 'target', target));
  return [
    `# ${plain(message(locale, 'export.title', { name: run.plan.name }))}`,
    plain(
      message(locale, 'export.subtitle', {
        workloads: listOf(
          locale,
          run.plan.workloads.map(({ name }) => name),
        ),
        targets: listOf(locale, targets),
        when: run.startedAt,
        id: run.id,
      }),
    ),
    ...(run.failure ? [`> **${plain(explain(locale, run.failure).what)}**`] : []),
  ];
}

const marks = { holds: '✅', unclear: '❔', warning: '⚠️', note: 'ℹ️' } as const;

function findings({ report }: Run, locale: Locale): string[] {
  const verdicts = report?.verdicts ?? [];
  if (verdicts.length === 0) return [];
  const lines = verdicts.map(({ standing, text }) => `- ${marks[standing]} ${plain(say(locale, text))}`);
  return [`## ${message(locale, 'export.findings')}\n\n${lines.join('\n')}`];
}

function paintTable({ columns, rows }: Table, locale: Locale): string {
  const head = columns.map(({ title }) => plain(say(locale, title)));
  const rule = columns.map(({ unit }) => (unit === 'text' ? '---' : '--:'));
  const body = rows.map((row) => row.map((cell, at) => showCell(columns[at]!, cell, locale)));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function showCell({ id, unit }: Table['columns'][number], { value, interval }: Cell, locale: Locale): string {
  if (value === null) return '—';
  if (typeof value === 'string') return plain(wordOf(id, value, locale));
  const show = (one: number) => showValue(locale, unit, one);
  return interval ? `${show(value)} (${showInterval(locale, unit, interval)})` : show(value);
}

/** A name of ours in a column of such names has a word: `column.VALUE`, as `target.container`. */
function wordOf(column: string, value: string, locale: Locale): string {
  const key = `${column}.${value}`;
  return isMessageKey(key) ? message(locale, key) : value;
}

function missing(run: Run, locale: Locale): string[] {
  const all = [...run.environment.missing, ...run.trials.flatMap(({ memory }) => memory.missing)];
  const lines = [...new Set(all.map(({ what, reason }) => `- ${code(what)}: ${plain(reason)}`))];
  return lines.length === 0 ? [] : [`## ${message(locale, 'export.missing')}\n\n${lines.join('\n')}`];
}

function environment(run: Run, locale: Locale): string[] {
  const { host, engine, qemu, images, tareVersion } = run.environment;
  const bytes = (value: number | undefined) => value && showBytes(locale, value);
  const facts: [string, string | number | undefined][] = [
    ['cpu', host.cpu],
    ['cores', host.cores],
    ['memory', bytes(host.memoryBytes)],
    ['available', bytes(host.availableBytes)],
    ['os', host.os],
    ['kernel', host.kernel],
    ['governor', host.governor],
    ['virtualisation', host.virtualisation],
    ['load', host.loadAverage !== undefined ? showNumber(locale, host.loadAverage) : undefined],
    ['cgroup', host.cgroupVersion],
    [
      'engine',
      engine &&
        [engine.name, engine.version, engine.runtime, engine.storageDriver].filter(Boolean).join(', '),
    ],
    ['qemu', qemu && `${qemu.version}, ${nameOfAccelerator(qemu.accelerator, locale)}`],
    ['guest-kernel', qemu?.kernel],
    ...images.map(({ workload, reference, digest }): [string, string] => [
      'image',
      `${workload}: ${reference} (${digest})`,
    ]),
    ['sampler', run.samplerLoad === undefined ? undefined : showPercent(locale, run.samplerLoad * 100)],
    ['seed', run.plan.seed],
    ['tare', tareVersion],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `| ${message(locale, `export.fact.${name}`)} | ${plain(String(value))} |`);
  const head = `| ${message(locale, 'export.fact')} | ${message(locale, 'export.value')} |\n| --- | --- |`;
  return [`## ${message(locale, 'export.environment')}\n\n${head}\n${lines.join('\n')}`];
}

const nameOfAccelerator = (name: string, locale: Locale): string => message(locale, `accelerator.${name}`);

/** Quoted so that a line can be pasted into a shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;

function commands({ environment: { commands: all } }: Run, locale: Locale): string[] {
  if (all.length === 0) return [];
  const blocks = all.map(
    ({ workload, target, line }) =>
      `${plain(workload)} · ${plain(nameOf(locale, 'target', target))}\n\n${fenced(line.map(quoted).join(' '))}`,
  );
  return [`## ${message(locale, 'export.commands')}\n\n${blocks.join('\n\n')}`];
}

function fenced(words: string): string {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${words}\n${fence}`;
}
