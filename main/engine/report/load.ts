/** How each target stands the same load. */
import type { Cell, ChartSpec, Table, Verdict } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { frame, labelOf, rangeOf } from './chartFrame';
import { groupsOf, medianCell, plainCell, valuesOf, type Group, type Reading } from './groups';
import { column, key } from './tables';

const loaded = ({ trials }: Group): Trial[] => trials.filter(({ load }) => load !== undefined);
const groupsUnderLoad = (run: Run): Group[] => groupsOf(run).filter((group) => loaded(group).length > 0);

/** Requests without an answer, whatever kept it away. */
const unanswered: Reading = ({ load }) => load && load.failed + load.withheld;

export function loadTable(run: Run): Table {
  const rows = groupsUnderLoad(run).map((group): Cell[] => {
    const { trials } = group;
    const own = (read: Reading) => medianCell(valuesOf(trials, read), run.plan.seed);
    const plain = (read: Reading) => plainCell(valuesOf(trials, read));
    return [
      { value: group.workload },
      { value: group.target },
      { value: loaded(group).length },
      plain(({ load }) => load?.sent),
      plain(unanswered),
      plain(({ load }) => load?.answeredPerSecond),
      own(({ load }) => load?.latencyMs?.p50),
      own(({ load }) => load?.latencyMs?.p99),
      plain(({ load }) => load?.latencyMs?.p999),
      own(({ load }) => load?.cpuMsPerRequest),
      own(({ load }) => load?.hostBytes),
      plain(({ load }) => load?.latenessMs),
    ];
  });
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    column('n', 'count'),
    column('sent', 'count'),
    column('failed', 'count'),
    column('answeredPerSecond', 'count'),
    column('p50Ms', 'ms'),
    column('p99Ms', 'ms'),
    column('p999Ms', 'ms'),
    column('cpuMsPerRequest', 'ms'),
    column('loadedBytes', 'bytes'),
    column('latenessMs', 'ms'),
  ];
  return { id: 'load', title: key('table.load'), columns, rows };
}

export function loadVerdicts(run: Run): Verdict[] {
  const { load } = run.plan;
  if (!load) return [];
  const silent = run.plan.workloads.filter(({ probe }) => probe.kind !== 'http');
  return [
    ...groupsUnderLoad(run).map((group) => verdictOn(group, load.ratePerSecond)),
    ...silent.map(({ name }): Verdict => ({
      id: `load-none ${name}`,
      standing: 'note',
      text: key('verdict.load.none', { workload: name }),
    })),
  ];
}

function verdictOn(group: Group, rate: number): Verdict {
  const { trials, workload, target } = group;
  const middle = (read: Reading) => {
    const values = valuesOf(trials, read);
    return values.length > 0 ? median(values) : undefined;
  };
  const failed = middle(unanswered) ?? 0;
  const [p50, p99] = [middle(({ load }) => load?.latencyMs?.p50), middle(({ load }) => load?.latencyMs?.p99)];
  const cpu = middle(({ load }) => load?.cpuMsPerRequest);
  const id = `load ${workload} ${target}`;
  const names = { workload, target, rate };
  if (failed > 0 || p50 === undefined || p99 === undefined)
    return {
      id,
      standing: 'unclear',
      text: key('verdict.load.short', {
        ...names,
        failed,
        sent: middle(({ load }) => load?.sent) ?? 0,
        answered: Math.round(middle(({ load }) => load?.answeredPerSecond) ?? 0),
      }),
    };
  const facts = { ...names, p50: { ms: p50 }, p99: { ms: p99 } };
  return cpu === undefined
    ? { id, standing: 'holds', text: key('verdict.load.ok-no-cpu', facts) }
    : { id, standing: 'holds', text: key('verdict.load.ok', { ...facts, cpu: { ms: cpu } }) };
}

export function loadChart(run: Run): ChartSpec[] {
  const groups = groupsUnderLoad(run).filter(({ trials }) => trials.some(({ load }) => load?.latencyMs));
  if (groups.length === 0) return [];
  const counts = groups.map((group) => loaded(group).length);
  const note = key('chart.load.note', { n: rangeOf(counts), rate: run.plan.load!.ratePerSecond });
  return [
    {
      ...frame(run, 'load', counts, note),
      kind: 'bars',
      unit: 'ms',
      series: [{ id: 'p50Ms', label: key('column.p50Ms') }],
      bars: groups.map((group) => ({
        label: labelOf(run, group),
        target: group.target,
        values: [median(valuesOf(group.trials, ({ load }) => load?.latencyMs?.p50))],
        points: group.trials.flatMap(({ load }) =>
          load?.latencyMs ? [load.latencyMs.p50, load.latencyMs.p99, load.latencyMs.p999] : [],
        ),
      })),
    },
  ];
}
