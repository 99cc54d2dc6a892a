import type { Locale } from '../../../contract/appearance';
import { explain, nameOf } from '../../../contract/messages';
import type { Metric } from '../../../contract/metrics';
import type { Trial } from '../../../contract/run/run';
import { figuresOf, pairsOf, shifted, unitless, type LadderValues, type Named } from '../figures';
import type { TextExporter } from '../format';
import { conditionsOf } from './conditions';

/**
 * The benchmark data format of Go (golang.org/design/14313-benchmark-format), which benchstat reads: a line for each trial that counts, the
 * others as `go test` tells what failed. Its configuration lines are the machine alone: benchstat compares nothing
 * between files that differ in one of them.
 */
export const go: TextExporter = {
  files: (run, locale) => {
    const figures = figuresOf(run).filter(({ read }) =>
      run.trials.some((trial) => read(trial) !== undefined),
    );
    const ladders = pairsOf(run).flatMap((pair) => pair.ladders.map((values) => ({ pair, values })));
    const ofLadders = new Map(
      ladders.flatMap(({ values }) => values.map(({ metric }) => [metric.id, metric])),
    );
    const lines = [
      `# Tare ${run.environment.tareVersion}, ${run.startedAt}, ${run.id}`,
      ...(run.failure ? [`# ${explain(locale, run.failure).what}`] : []),
      ...conditionsOf(run).map(([name, value]) => `${name}: ${value}`),
      ...[...ofLadders.values(), ...figures].flatMap(unitLine),
      ...ladders.flatMap(({ pair, values }) => densityLine(pair, values)),
      ...run.trials.flatMap((trial) =>
        trial.outcome === 'ok' ? result(trial, figures) : failed(trial, locale),
      ),
    ];
    return [{ content: `${lines.map(oneLine).join('\n')}\n` }];
  },
};

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
