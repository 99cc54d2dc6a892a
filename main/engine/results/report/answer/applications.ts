/** The answer's figures application by application. */
import { tell } from '../../../../contract/messages';
import { hostBytes, readyMs, type ComparedMetric } from '../../../../contract/metrics';
import type { Cell, Message, Table } from '../../../../contract/report/report';
import type { TargetId } from '../../../../contract/targets';
import { applicationsOf, contrastBetween } from '../estimates/answered';
import type { Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import { judgedOn } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { shownBeside } from '../estimates/shown';
import { table, workload } from '../table';

const rows = [
  ['memory', hostBytes],
  ['start-up', readyMs],
] as const;

/** Ratios that are closer together are not worth a title. */
const apart = 1.2;

/** Memory and start on both sides with their ratio; undefined of a single application. */
export function byApplication(of: Estimates, base: TargetId, other: TargetId): Table | undefined {
  const all = applicationsOf(of);
  if (all.length === 0) return undefined;
  const columns = rows.flatMap(([name, { unit }]): Table['columns'] => [
    ...[base, other].map((target) => ({
      id: `${name} ${target}`,
      title: tell(`column.answer.${name}`, { target: { target } }),
      unit,
    })),
    { id: `${name} ratio`, title: tell(`column.answer.${name}Ratio`), unit: 'times' },
  ]);
  const cells = all.map(({ base, other }): Cell[] => [
    { value: base.workload },
    ...rows.flatMap(([, metric]) => cellsOf(of, base, other, metric)),
  ]);
  const made = table('applications', [workload, ...columns], cells);
  const title = furthestApart(cells, columns.findIndex(({ id }) => id === 'memory ratio') + 1);
  return title ? { ...made, title } : made;
}

/** Which application has the smallest ratio of memory and which the largest, as the table's title. */
function furthestApart(rows: readonly Cell[][], at: number): Message | undefined {
  const known = rows.flatMap((row) => {
    const [name, ratio] = [row[0]?.value, row[at]?.value];
    return typeof name === 'string' && typeof ratio === 'number' ? [{ name, ratio }] : [];
  });
  const sorted = known.sort((a, b) => a.ratio - b.ratio);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most || known.length < rows.length || most.ratio < least.ratio * apart) return undefined;
  return tell('finding.applications', {
    low: { times: least.ratio },
    least: least.name,
    high: { times: most.ratio },
    most: most.name,
  });
}

/** Both figures and their ratio, each with the interval by which they were judged. */
function cellsOf(of: Estimates, base: Group, other: Group | undefined, metric: ComparedMetric): Cell[] {
  const [ofBase, ofOther] = [base, other].map((group) => group?.of(metric.read));
  const contrast = other && contrastBetween(base, other, metric);
  const first: Cell = { value: ofBase!.centre() ?? null, n: ofBase!.n };
  if (!contrast) return [first, { value: ofOther?.centre() ?? null, n: ofOther?.n ?? 0 }, { value: null }];
  const judged = judgedOn(of, contrast);
  const { value, interval } = shownBeside(ofBase!, judged);
  return [
    first,
    { value: value!, ...(interval && { interval }), n: ofOther!.n },
    estimateCell({ value: contrast.value, interval: judged.interval }),
  ];
}
