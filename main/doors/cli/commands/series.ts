import { nameOf, planTitleIn } from '../../../contract/messages';
import type { HistorySeries } from '../../../contract/report/series';
import type { Door } from '../door';
import type { Screen } from '../terminal/screen';

/** `tare history`: the steps that figures took over the kept runs, in words; as JSON with every run. */
export async function history(door: Door, options: { json?: boolean }): Promise<void> {
  const series = await door.engine().history({});
  if (options.json) return door.out.json(series);
  const { out } = door;
  const stepped = series.filter(({ steps }) => steps.length > 0);
  for (const one of stepped) paint(out, one);
  const runs = new Set(series.flatMap(({ points }) => points.map(({ run }) => run))).size;
  out.paragraph(out.tone('dim', out.say('cli.history.looked', { series: series.length, runs })));
}

function paint(screen: Screen, series: HistorySeries): void {
  const { locale } = screen;
  const name = planTitleIn(locale, series.plan.name);
  const where = [
    series.plan.cold ? screen.say('cli.list.cold', { name }) : name,
    series.workload,
    nameOf(locale, 'target', series.target),
    screen.say(`table.compare-${series.metric}`),
  ].join(' · ');
  screen.line(screen.tone('bold', where));
  for (const { at, ratio, before, after } of series.steps) {
    const { run, startedAt, digest } = series.points[at]!;
    const worse = ratio > 1;
    const facts = {
      run,
      when: new Date(startedAt).toLocaleDateString(locale, { dateStyle: 'medium' }),
      image: digest?.replace(/^sha256:/, '').slice(0, 12) ?? '–',
      change: { percent: 100 * (worse ? ratio - 1 : 1 - ratio) },
      before,
      after,
    };
    const text = screen.say(`history.step.${series.metric}.${worse ? 'more' : 'less'}`, facts);
    screen.paragraph(text, worse ? `${screen.tone('warn', '!')} ` : `${screen.tone('good', '✓')} `);
  }
  screen.line();
}
