/** What a run on several hosts says, for a terminal. */
import type { FleetOverview } from '../../../contract/fleet/fleet';
import { failureOfAll, reasonsOf } from '../../../contract/fleet/reasons';
import { resultsOf, resultWords } from '../../../contract/fleet/results';
import { explain } from '../../../contract/messages';
import { showInterval, showValue } from '../../../contract/quantities';
import type { HostRatio, HostsReport } from '../../../contract/report/fleet';
import {
  headingFacts,
  paintDoubts,
  paintSentence,
  paintSureness,
  paintTables,
  paintVerdicts,
} from '../terminal/report';
import type { Screen } from '../terminal/screen';
import { fits, grid } from '../terminal/tables';

/** As many as a person looks through; `--full` shows the others too. */
const usualHosts = 20;

/** Host by host, the sentence, how sure it is, and who gave nothing; with `full` every table and how it was found. */
export function paintHosts(screen: Screen, fleet: FleetOverview, { full = false } = {}): void {
  const { report } = fleet;
  screen.paragraph(screen.tone('bold', heading(screen, fleet)));
  if (report) {
    if (full) paintTables(screen, report.tables);
    else paintRatios(screen, report);
    paintSentence(screen, report.text);
    paintSureness(screen, report.sureness);
    paintDoubts(screen, report.doubts);
    if (full) paintVerdicts(screen, report.verdicts);
  }
  paintReasons(screen, fleet);
}

const heading = (screen: Screen, { plan, startedAt, hosts }: FleetOverview): string =>
  screen.say('cli.hosts.heading', {
    ...headingFacts(screen, plan, startedAt),
    results: resultWords(screen.locale, resultsOf(hosts)),
  });

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
  const whole = grid(screen, head, rows(wholeRatio));
  const painted = fits(screen, whole, 2) ? whole : grid(screen, head, rows(shortRatio));
  const [base, other] = [first.base, first.other].map(({ workload, target }) => workload ?? { target });
  screen.paragraph(screen.say('cli.hosts.ratios', { base: base!, other: other! }), '  ');
  for (const line of painted.split('\n')) screen.line(`  ${line}`);
  if (names.length > usualHosts)
    screen.paragraph(screen.say('cli.hosts.more', { count: names.length - usualHosts }), '  ');
}

type Ratio = Pick<HostRatio, 'ratio' | 'interval'>;

const shortRatio = ({ locale }: Screen, { ratio }: Ratio): string => showValue(locale, 'times', ratio);

const wholeRatio = (screen: Screen, { ratio, interval }: Ratio): string =>
  interval
    ? `${shortRatio(screen, { ratio })} (${showInterval(screen.locale, 'times', interval)})`
    : shortRatio(screen, { ratio });

/** What is wrong with all of it stands first. */
function paintReasons(screen: Screen, fleet: FleetOverview): void {
  const paint = (what: string, remedy: string) => {
    screen.paragraph(what, `${screen.tone('bad', '✗')} `);
    if (remedy) screen.paragraph(remedy, '  → ');
  };
  const failure = failureOfAll(fleet);
  if (failure) {
    const { what, remedy } = explain(screen.locale, failure);
    paint(what, remedy);
  }
  for (const { hosts, what, remedy } of reasonsOf(screen.locale, fleet.hosts))
    paint(`${hosts}: ${what}`, remedy);
}
