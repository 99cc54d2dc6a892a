/** What a run on several hosts says, for a terminal. */
import type { FleetOverview } from '../../../contract/fleet/fleet';
import { failureOfAll, reasonsOf } from '../../../contract/fleet/reasons';
import { resultsOf, resultWords } from '../../../contract/fleet/results';
import { explain, listOf, nameOf, say } from '../../../contract/messages';
import { showInterval, showValue } from '../../../contract/quantities';
import type { HostRatio, HostsReport } from '../../../contract/report/fleet';
import { paintVerdicts } from '../result';
import { widthOf } from '../terminal/layout';
import type { Screen } from '../terminal/screen';
import { grid, paintTable } from '../terminal/tables';

/** As many as a person looks through; `--full` shows the others too. */
const usualHosts = 20;

/** Host by host, the sentence, how sure it is, and who gave nothing; with `full` every table and how it was found. */
export function paintHosts(screen: Screen, fleet: FleetOverview, { full = false } = {}): void {
  const { report } = fleet;
  screen.paragraph(screen.tone('bold', heading(screen, fleet)));
  if (report) {
    if (full) paintTables(screen, report);
    else paintRatios(screen, report);
    screen.line();
    screen.paragraph(screen.tone('bold', say(screen.locale, report.text)));
    paintSureness(screen, report);
    if (full) paintVerdicts(screen, report.verdicts);
  }
  paintReasons(screen, fleet);
}

function heading(screen: Screen, { plan, startedAt, hosts }: FleetOverview): string {
  const { locale } = screen;
  return screen.say('cli.hosts.heading', {
    name: plan.name,
    targets: listOf(
      locale,
      plan.targets.map((target) => nameOf(locale, 'target', target)),
    ),
    results: resultWords(locale, resultsOf(hosts)),
    when: new Date(startedAt).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' }),
  });
}

/**
 * A line for each host, and a column for each quantity that the sentence's pair was measured in; without intervals where these are too
 * wide for the terminal.
 */
function paintRatios(screen: Screen, { comparisons, sureness }: HostsReport): void {
  const spoken = comparisons.slice(0, sureness.length);
  const [first] = spoken;
  if (!first) return;
  const names = [...new Set(spoken.flatMap(({ hosts }) => hosts.map(({ host }) => host)))];
  const rows = (ratioOf: typeof wholeRatio) => [
    ...names.slice(0, usualHosts).map((name) => [
      name,
      ...spoken.map(({ hosts }) => {
        const host = hosts.find((one) => one.host === name);
        return host ? [ratioOf(screen, host), host.emulated ? 'TCG' : ''].join(' ').trimEnd() : '—';
      }),
    ]),
    ...(spoken.some((one) => one.pooled)
      ? [
          [
            screen.say('column.pooled'),
            ...spoken.map(({ pooled }) => (pooled ? ratioOf(screen, pooled) : '—')),
          ],
        ]
      : []),
  ];
  const head = [
    '',
    ...spoken.map(({ metric }) => screen.say(`ui.report.row.${metric}`).replace(/[:：]$/, '')),
  ];
  const [whole, short] = [wholeRatio, shortRatio].map((ratioOf) =>
    grid(screen, head, rows(ratioOf)).split('\n'),
  ) as [string[], string[]];
  const [base, other] = [first.base, first.other].map(({ workload, target }) => workload ?? { target });
  screen.paragraph(screen.say('cli.hosts.ratios', { base: base!, other: other! }), '  ');
  const fits = whole.every((line) => widthOf(line) + 2 <= screen.width);
  for (const line of fits ? whole : short) screen.line(`  ${line}`);
  if (names.length > usualHosts)
    screen.paragraph(screen.say('cli.hosts.more', { count: names.length - usualHosts }), '  ');
}

function paintTables(screen: Screen, { tables }: HostsReport): void {
  for (const table of tables) {
    screen.line();
    paintTable(screen, table);
  }
}

type Ratio = Pick<HostRatio, 'ratio' | 'interval'>;

const shortRatio = ({ locale }: Screen, { ratio }: Ratio): string => showValue(locale, 'times', ratio);

const wholeRatio = (screen: Screen, { ratio, interval }: Ratio): string =>
  interval
    ? `${shortRatio(screen, { ratio })} (${showInterval(screen.locale, 'times', interval)})`
    : shortRatio(screen, { ratio });

function paintSureness(screen: Screen, { sureness, doubts }: HostsReport): void {
  const { locale } = screen;
  const known = sureness.map(({ id, said }) => ({
    name: screen.say(`cli.summary.${id}`),
    words: say(locale, said),
  }));
  const widest = Math.max(0, ...known.map(({ name }) => widthOf(name)));
  for (const { name, words } of known)
    screen.paragraph(words, `  ${name}${' '.repeat(widest - widthOf(name))}  `);
  for (const doubt of doubts) screen.paragraph(say(locale, doubt), `  ${screen.tone('warn', '!')} `);
}

/** What is wrong with all of it stands first. */
function paintReasons(screen: Screen, fleet: FleetOverview): void {
  const failure = failureOfAll(fleet);
  if (failure) {
    const { what, remedy } = explain(screen.locale, failure);
    screen.paragraph(what, `${screen.tone('bad', '✗')} `);
    if (remedy) screen.paragraph(remedy, '  → ');
  }
  for (const { hosts, what, remedy } of reasonsOf(screen.locale, fleet.hosts)) {
    screen.paragraph(`${hosts}: ${what}`, `${screen.tone('bad', '✗')} `);
    if (remedy) screen.paragraph(remedy, '  → ');
  }
}
