import { isOfHosts, runsIn } from '../../../../contract/record';
import type { Locale } from '../../../../contract/appearance';
import { explain, nameOf } from '../../../../contract/messages';
import type { Metric } from '../../../../contract/metrics';
import type { Run, Trial } from '../../../../contract/run/run';
import { figuresOf, pairsOn, shifted, unitless, type LadderValues, type Named, type Pair } from '../figures';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';
import { conditionsOf } from './conditions';

/**
 * The benchmark data format of Go (golang.org/design/14313-benchmark-format), which benchstat reads: a line for each trial that counts, the
 * others as `go test` tells what failed. Its configuration lines are the machine alone: benchstat compares nothing
 * between files that differ in one of them, and of a run on several hosts each host with itself.
 */
export const go: TextExporter<ReportedRecord> = {
  files: (record, locale) => {
    const parts = runsIn(record).map(({ host, run }) => partOf(run, host));
    const units = new Map(parts.flatMap(({ metrics }) => metrics.map((metric) => [metric.id, metric])));
    const known = [...new Set(parts.flatMap(({ conditions }) => [...conditions.keys()]))];
    const lines = [
      ...about(record, locale),
      ...[...units.values()].flatMap(unitLine),
      ...parts.flatMap((part) => [
        // one that this host does not have would go on from the host before
        ...known.map((name) => `${name}: ${part.conditions.get(name) ?? ''}`.trimEnd()),
        ...part.ladders.flatMap(({ pair, values }) => densityLine(pair, values)),
        ...part.trials.flatMap((trial) =>
          trial.outcome === 'ok' ? result(trial, part.figures) : failed(trial, locale),
        ),
      ]),
    ];
    return [{ content: `${lines.map(oneLine).join('\n')}\n` }];
  },
};

/** What one machine gives. */
interface Part {
  conditions: Map<string, string>;
  figures: Metric[];
  ladders: { pair: Pair; values: LadderValues }[];
  /** of which lines tell how they are read */
  metrics: Named[];
  trials: readonly Trial[];
}

function partOf(run: Run, host: string | undefined): Part {
  const { trials } = run;
  const figures = figuresOf(run).filter(({ read }) => trials.some((trial) => read(trial) !== undefined));
  const ladders = pairsOn(run).flatMap((pair) => pair.ladders.map((values) => ({ pair, values })));
  return {
    conditions: new Map([...(host === undefined ? [] : [['host', host] as const]), ...conditionsOf(run)]),
    ...{ figures, ladders, trials },
    metrics: [...ladders.flatMap(({ values }) => values.map(({ metric }) => metric)), ...figures],
  };
}

/** What made it, and what ended early, as comments. */
function about(record: ReportedRecord, locale: Locale): string[] {
  const why = ({ failure }: Pick<Run, 'failure'>) => (failure ? [explain(locale, failure).what] : []);
  const versions = new Set(runsIn(record).map(({ run }) => run.environment.tareVersion));
  return [
    `${[`Tare ${[...versions].join(', ')}`.trim(), record.startedAt, record.id].join(', ')}`,
    ...why(record),
    ...(isOfHosts(record)
      ? record.hosts.flatMap((host) => why(host).map((words) => `${host.name}: ${words}`))
      : []),
  ].map((words) => `# ${words}`);
}

/** Nobody's text begins a line of its own. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');

/** `ns/op` is the one that every reader of the format knows; benchstat scales what ends in `ns` or `B`. */
function unitOf(metric: Named): string {
  if (metric.id === 'readyMs') return 'ns/op';
  if (metric.unit === 'count') return metric.id;
  return `${unitless(metric)}-${metric.unit === 'ms' ? 'ns' : 'B'}`;
}

function unitLine(metric: Named): string[] {
  const told = [
    ...(metric.better ? [`better=${metric.better === 'less' ? 'lower' : 'higher'}`] : []),
    // read once for the whole run: that its trials agree says nothing
    ...(metric.id.startsWith('image.') ? ['assume=exact'] : []),
  ];
  return told.length > 0 ? [`Unit ${unitOf(metric)} ${told.join(' ')}`] : [];
}

function result(trial: Trial, figures: readonly Metric[]): string[] {
  const values = figures.flatMap((metric) => {
    const value = metric.read(trial);
    return value === undefined ? [] : [{ metric, value }];
  });
  return resultLine(nameOfTrial(trial), values);
}

const resultLine = (name: string, values: LadderValues): string[] =>
  values.length === 0
    ? []
    : [
        `${name} 1 ${values
          .map(({ metric, value }) => `${metric.unit === 'ms' ? shifted(value, 6) : value} ${unitOf(metric)}`)
          .join(' ')}`,
      ];

/** Of a density plan: one for each of a pair's ladders, over which whoever reads them makes medians and intervals of its own. */
const densityLine = (pair: Pick<Trial, 'workload' | 'target'>, values: LadderValues): string[] =>
  resultLine(['BenchmarkDensity', ...partsOf(pair)].join('/'), values);

function failed(trial: Trial, locale: Locale): string[] {
  const { failure, outcome } = trial;
  const why = failure ? explain(locale, failure).what : nameOf(locale, 'outcome', outcome);
  return [`--- FAIL: ${nameOfTrial(trial)}`, `    ${why}`];
}

/** The same for all trials of a pair; on a density ladder only for those that began beside as many others. */
const nameOfTrial = ({ workload, target, upBefore }: Trial): string =>
  [
    'BenchmarkStart',
    ...(upBefore === undefined ? [] : [`up=${upBefore}`]),
    ...partsOf({ workload, target }),
  ].join('/');

const partsOf = ({ workload, target }: Pick<Trial, 'workload' | 'target'>): string[] => [
  `workload=${inName(workload)}`,
  `target=${inName(target)}`,
];

/** Percent-encoded where a name may not have it, where it divides names, and a number at the end, which would be one of processors. */
const inName = (text: string): string =>
  text
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replace(/[^\w.:=+#-]+/gu, encodeURIComponent)
    .replace(/-(?=\d+$)/, '%2D');
