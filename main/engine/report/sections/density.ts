/** How many instances fit on this machine, what each costs, what runs out first, and whether that was right. */
import { tell } from '../../../contract/messages';
import { hasLimits } from '../../../contract/targets';
import type { ChartSpec, Table } from '../../../contract/report/report';
import { frame, labelOf } from '../chart';
import type { Estimates } from '../estimates/estimates';
import { ladders, promised } from '../estimates/ladders';
import { estimateCell } from '../estimates/measured';
import type { Section } from '../section';
import { column, rowHead, table, target, workload } from '../table';
import { densityVerdicts } from './densityVerdicts';

export const density = {
  tables: (of) => [fitsTable(of), stepsTable(of)],
  verdicts: densityVerdicts,
  charts: (of) => [...fitsChart(of), ...stepsChart(of)],
} satisfies Section;

function fitsTable(of: Estimates): Table {
  const rows = ladders(of).map((one) => {
    const { ladder, prediction, truth } = one;
    const { count, interval, binding } = prediction ?? {};
    return [
      ...rowHead(ladder),
      estimateCell(one.first),
      estimateCell(one.own),
      estimateCell(one.host),
      { value: ladder.reached },
      { value: count ?? null, ...(interval && { interval }) },
      { value: binding ?? null },
      { value: truth ?? null },
      { value: promised(one) ?? null },
      { value: ladder.keptBytes ?? null },
    ];
  });
  const columns = [
    workload,
    target,
    column('firstBytes', 'bytes'),
    column('marginalBytes', 'bytes'),
    column('marginalHostBytes', 'bytes'),
    column('reached', 'count'),
    column('predicted', 'count'),
    column('limit', 'text'),
    column('truth', 'count'),
    column('promised', 'count'),
    column('keptBytes', 'bytes'),
  ];
  return table('density', columns, rows);
}

function stepsTable({ run }: Estimates): Table {
  const rows = (run.density ?? []).flatMap((ladder) =>
    ladder.steps.map((step) => [
      ...rowHead(ladder),
      { value: step.count },
      { value: step.hostBytes ?? null },
      { value: step.hostChangeBytes ?? null },
      { value: step.availableBytes ?? null },
      { value: step.cpuMsPerSecond ?? null },
      { value: step.threads ?? null },
      { value: step.writtenBytes ?? null },
    ]),
  );
  const columns = [
    workload,
    target,
    column('instances', 'count'),
    column('hostBytes', 'bytes'),
    column('hostChangeBytes', 'bytes'),
    column('availableBytes', 'bytes'),
    column('idleCpuMs', 'ms'),
    column('threads', 'count'),
    column('writtenBytes', 'bytes'),
  ];
  return table('density-steps', columns, rows);
}

/** The prediction as a bar, its interval, and the truth of a proof as a point. */
function fitsChart(of: Estimates): ChartSpec[] {
  const predicted = ladders(of).filter(({ prediction }) => prediction);
  if (predicted.length === 0) return [];
  return [
    {
      ...frame(
        of.run,
        'density',
        predicted.map(({ ladder }) => ladder.steps.length),
      ),
      kind: 'bars',
      unit: 'count',
      series: [{ id: 'predicted', label: tell('column.predicted') }],
      bars: predicted.map(({ ladder, prediction, truth }) => ({
        label: labelOf(of.run, ladder),
        target: ladder.target,
        values: [prediction!.count],
        ...(prediction!.interval && { interval: prediction!.interval }),
        ...(truth !== undefined && ladder.steps.some(({ proof }) => proof) && { points: [truth] }),
      })),
    },
  ];
}

/** What all instances together took by their own accounts; the outline is what was promised to them. */
function stepsChart(of: Estimates): ChartSpec[] {
  const bars = ladders(of).flatMap(({ ladder: { workload, target, steps }, limitBytes }) =>
    steps.map(({ count, hostBytes }) => ({
      label: tell('chart.density-rung', { workload, target: { target }, count }),
      target,
      values: [hostBytes ?? null],
      ...(hasLimits(target) && { outline: limitBytes * count }),
    })),
  );
  if (bars.every(({ values: [bytes] }) => bytes === null)) return [];
  return [
    {
      ...frame(
        of.run,
        'density-rungs',
        ladders(of).map(({ ladder }) => ladder.steps.length),
      ),
      kind: 'bars',
      unit: 'bytes',
      series: [{ id: 'hostBytes', label: tell('column.hostBytes') }],
      bars,
    },
  ];
}
