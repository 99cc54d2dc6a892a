/** How many instances fit on this machine, what each costs, what runs out first, and whether that was right. */
import { tell } from '../../../../../contract/messages';
import type { DensityStep, PressureName } from '../../../../../contract/run/density';
import { hasLimits } from '../../../../../contract/targets';
import type { Cell, ChartSpec, Table } from '../../../../../contract/report/report';
import { median } from '../../../statistics/summary';
import { frame, labelOf, rangeOf } from '../../chart';
import type { Estimates } from '../../estimates/estimates';
import { ladderFigure, ladderFigures, type LadderFigure } from '../../estimates/ladderFigures';
import { climbedPairs, isProved, type ClimbedPair } from '../../estimates/ladders';
import type { Section } from '../../section';
import { column, n, rowHead, table, target, workload, type Column } from '../../table';
import { densityVerdicts } from './verdicts';

export const density = {
  tables: (of) => [fitsTable(of), costsTable(of), limitsTable(of), stepsTable(of), strainTable(of)],
  verdicts: densityVerdicts,
  charts: (of) => [...fitsChart(of), ...stepsChart(of)],
} satisfies Section;

const columnOf = ({ id, unit }: LadderFigure): Column => column(id, unit);
const howMany = ladderFigure('predicted');
const further = [ladderFigure('truth'), ladderFigure('promised')];
const costs = ladderFigures.filter(({ unit }) => unit === 'bytes');

function fitsTable(of: Estimates): Table {
  const rows = climbedPairs(of).map((pair) => {
    const { ladders, prediction } = pair;
    return [
      ...rowHead(pair),
      howMany.cell(pair),
      { value: prediction?.limit ?? null },
      { value: rangeOf(ladders.map(({ reached }) => reached)) },
      ...further.map(({ cell }) => cell(pair)),
    ];
  });
  const columns = [
    workload,
    target,
    columnOf(howMany),
    column('limit', 'text'),
    column('reached', 'text'),
    ...further.map(columnOf),
  ];
  return table('density', columns, rows);
}

/** By two books, which have to agree: what instances say of themselves, and what the host lost. */
function costsTable(of: Estimates): Table {
  const rows = climbedPairs(of).map((pair) => [
    ...rowHead(pair),
    { value: pair.ladders.length },
    ...costs.map(({ cell }) => cell(pair)),
  ]);
  const columns = [workload, target, column('n', 'count', 'column.ladders'), ...costs.map(columnOf)];
  return table('density-costs', columns, rows, tell('table.density-costs.note'));
}

/** Every limit by itself: for how many instances it would last. */
function limitsTable(of: Estimates): Table {
  const rows = climbedPairs(of).flatMap((pair) =>
    (pair.prediction?.bounds ?? []).map(({ limit, count, interval }) => [
      ...rowHead(pair),
      { value: limit },
      { value: count, ...(interval && { interval }) },
    ]),
  );
  const columns = [
    workload,
    target,
    column('limit', 'text', 'column.anyLimit'),
    column('predicted', 'count', 'column.lasts'),
  ];
  return table('density-limits', columns, rows);
}

/** All ladders' readings of the same number of instances. */
interface Rung {
  count: number;
  steps: DensityStep[];
}

function rungsOf({ ladders }: ClimbedPair): Rung[] {
  const byCount = new Map<number, DensityStep[]>();
  for (const step of ladders.flatMap(({ steps }) => steps))
    byCount.set(step.count, [...(byCount.get(step.count) ?? []), step]);
  return [...byCount].map(([count, steps]) => ({ count, steps })).sort((a, b) => a.count - b.count);
}

/** The median over ladders of what could be read. */
function middle({ steps }: Rung, read: (step: DensityStep) => number | undefined): Cell {
  const values = steps.map(read).filter((value) => value !== undefined);
  return { value: values.length > 0 ? median(values) : null };
}

const rungRows = (of: Estimates, cells: (rung: Rung) => Cell[]): Cell[][] =>
  climbedPairs(of).flatMap((pair) =>
    rungsOf(pair).map((rung) => [
      ...rowHead(pair),
      { value: rung.count },
      { value: rung.steps.length },
      ...cells(rung),
    ]),
  );

const rungColumns = [workload, target, column('instances', 'count'), n];

function stepsTable(of: Estimates): Table {
  const rows = rungRows(of, (rung) => [
    middle(rung, ({ hostBytes }) => hostBytes),
    middle(rung, ({ filePssBytes }) => filePssBytes),
    middle(rung, ({ hostChangeBytes }) => hostChangeBytes),
    middle(rung, ({ availableBytes }) => availableBytes),
    middle(rung, ({ cpuMsPerSecond }) => cpuMsPerSecond),
    middle(rung, ({ threads }) => threads),
    middle(rung, ({ files }) => files),
    middle(rung, ({ writtenBytes }) => writtenBytes),
  ]);
  const columns = [
    ...rungColumns,
    column('hostBytes', 'bytes'),
    column('filePssBytes', 'bytes'),
    column('hostChangeBytes', 'bytes'),
    column('availableBytes', 'bytes'),
    column('idleCpuMs', 'ms'),
    column('threads', 'count'),
    column('files', 'count'),
    column('writtenBytes', 'bytes'),
  ];
  return table('density-steps', columns, rows);
}

/** What work waits for: its share of the last seconds, and its sum since the rung before. */
const waits: { of: PressureName; share: Column; sum: Column }[] = [
  { of: 'cpu', share: column('cpuPressure', 'percent'), sum: column('cpuStalledMs', 'ms') },
  { of: 'memory', share: column('memoryPressure', 'percent'), sum: column('memoryStalledMs', 'ms') },
  { of: 'io', share: column('ioPressure', 'percent'), sum: column('ioStalledMs', 'ms') },
];

/** How the machine bore so many: who still answered, and how long work waited for what. */
function strainTable(of: Estimates): Table {
  const rows = rungRows(of, (rung) => [
    answeredOf(rung),
    ...waits.flatMap(({ of: name }) => [
      middle(rung, ({ pressure }) => pressure?.[name]?.someAvg10),
      middle(rung, ({ pressure }) => pressure?.[name]?.stalledMs),
    ]),
    middle(rung, ({ readingMs }) => readingMs),
  ]);
  const columns = [
    ...rungColumns,
    column('answered', 'percent'),
    ...waits.flatMap(({ share, sum }) => [share, sum]),
    column('readingMs', 'ms'),
  ];
  return table('density-strain', columns, rows, tell('table.density-strain.note'));
}

/** Of all instances of all ladders that were asked. */
function answeredOf({ count, steps }: Rung): Cell {
  const asked = steps.flatMap(({ answered }) => answered ?? []);
  const good = asked.reduce((sum, one) => sum + one.good, 0);
  return { value: asked.length > 0 ? (100 * good) / (count * asked.length) : null };
}

/** The prediction as a bar, its interval, and the truth of a proof as a point. */
function fitsChart(of: Estimates): ChartSpec[] {
  const predicted = climbedPairs(of).filter(({ prediction }) => prediction);
  if (predicted.length === 0) return [];
  return [
    {
      ...frame(
        'density',
        predicted.map(({ ladders }) => ladders.length),
      ),
      kind: 'bars',
      unit: 'count',
      series: [{ id: 'predicted', label: tell('column.predicted') }],
      bars: predicted.map((pair) => ({
        label: labelOf(of.run, pair),
        target: pair.target,
        values: [pair.prediction!.count],
        ...(pair.prediction!.interval && { interval: pair.prediction!.interval }),
        ...(isProved(pair) && { points: [pair.truth!] }),
      })),
    },
  ];
}

/** What a bar of a rung consists of. */
const onRungs: {
  id: 'hostBytes' | 'filePssBytes';
  read: (step: DensityStep) => number | undefined;
  shared?: true;
}[] = [
  { id: 'hostBytes', read: ({ hostBytes }) => hostBytes },
  { id: 'filePssBytes', read: ({ filePssBytes }) => filePssBytes, shared: true },
];

/**
 * What all instances together took by their own accounts, and the file pages that they share, each once; the outline is what was
 * promised to them.
 */
function stepsChart(of: Estimates): ChartSpec[] {
  const figures = onRungs.filter(({ read }) =>
    climbedPairs(of).some(({ ladders }) =>
      ladders.some(({ steps }) => steps.some((step) => read(step) !== undefined)),
    ),
  );
  const bars = climbedPairs(of).flatMap((pair) =>
    rungsOf(pair).map((rung) => ({
      label: tell('chart.density-rung', {
        workload: pair.workload,
        target: { target: pair.target },
        count: rung.count,
      }),
      target: pair.target,
      values: figures.map(({ read }) => middle(rung, read).value as number | null),
      points: rung.steps.flatMap(({ hostBytes }) => hostBytes ?? []),
      ...(hasLimits(pair.target) && { outline: pair.limitBytes * rung.count }),
    })),
  );
  if (bars.every(({ values: [bytes] }) => bytes === null)) return [];
  return [
    {
      ...frame(
        'density-rungs',
        climbedPairs(of).map(({ ladders }) => ladders.length),
      ),
      kind: 'bars',
      unit: 'bytes',
      series: figures.map(({ id, shared }) => ({
        id,
        label: tell(`column.${id}`),
        ...(shared && { shared }),
      })),
      bars,
    },
  ];
}
