import { isOfHosts, runsIn } from '../../../../contract/record';
import type { Locale } from '../../../../contract/appearance';
import { message, type NameIn } from '../../../../contract/messages';
import { TrialOutcome } from '../../../../contract/run/run';
import type { ReportedFleet } from '../../report/hosts/reported';
import { pairsOf, shifted, unitless, type Named, type Pair, type Summed } from '../figures';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';
import { conditionsOf } from './conditions';

/**
 * OpenMetrics 1.0 text (prometheus.io/docs/specs/om/open_metrics_spec), and the older text format of Prometheus at the same time: gauges only, and no
 * timestamps, which node_exporter's textfile collector refuses. In base units, as the standard wants them.
 */
export const openmetrics: TextExporter<ReportedRecord> = {
  files: (record, locale) => {
    const families = [
      ...ofRuns(record, locale),
      ...(isOfHosts(record) ? ofHosts(record, locale) : []),
      ...ofPairs(pairsOf(record), locale),
    ];
    return [{ content: `${families.map(familyLines).join('')}# EOF\n` }];
  },
};

type Labels = [name: string, value: string][];

interface Family {
  name: string;
  unit?: 'seconds' | 'bytes';
  help: string;
  samples: { labels: Labels; value: number }[];
}

/** What a figure is of: the host first, where there are several. */
const hostLabel = (host: string | undefined): Labels => (host === undefined ? [] : [['host', host]]);

function ofRuns(record: ReportedRecord, locale: Locale): Family[] {
  const runs = runsIn(record);
  return [
    {
      name: 'tare_run_info',
      help: helpOn(locale, 'info'),
      samples: runs.map(({ host, run }) => ({
        labels: [
          ...hostLabel(host),
          ['run', record.id],
          ['plan', record.plan.name],
          ['tare', run.environment.tareVersion],
          ...conditionsOf(run).map(([name, value]): [string, string] => [name.replace(/-/g, '_'), value]),
        ],
        value: 1,
      })),
    },
    {
      name: 'tare_run_start_time_seconds',
      unit: 'seconds',
      help: helpOn(locale, 'start'),
      samples: runs.flatMap(({ host, run }) => {
        const startedAtMs = Date.parse(run.startedAt);
        return Number.isNaN(startedAtMs)
          ? []
          : [{ labels: hostLabel(host), value: shifted(startedAtMs, -3) }];
      }),
    },
  ];
}

/** Whether each host gave its run, and what all of them say together. */
function ofHosts({ hosts, report }: ReportedFleet, locale: Locale): Family[] {
  const pooled = report.comparisons.flatMap(({ metric, base, other, pooled: found }) =>
    found
      ? [
          {
            labels: [
              ['metric', metric],
              ['base', base.workload ?? base.target],
              ['other', other.workload ?? other.target],
            ] as Labels,
            ...{ value: found.ratio, low: found.interval.low, high: found.interval.high },
          },
        ]
      : [],
  );
  const mean = (name: 'value' | 'low' | 'high'): Family => ({
    name: `tare_hosts_ratio${name === 'value' ? '' : `_${name}`}`,
    help: helpOn(locale, `ratio-${name}`),
    samples: pooled.map(({ labels, ...figures }) => ({ labels, value: figures[name] })),
  });
  return [
    {
      name: 'tare_host_ok',
      help: helpOn(locale, 'host'),
      samples: hosts.map(({ name, outcome }) => ({
        labels: hostLabel(name),
        value: outcome === 'ok' ? 1 : 0,
      })),
    },
    mean('value'),
    mean('low'),
    mean('high'),
  ];
}

function ofPairs(pairs: readonly Pair[], locale: Locale): Family[] {
  const outcomes = pairs.flatMap((pair) =>
    TrialOutcome.options.map((outcome) => ({
      labels: [...labelsOf(pair), ['outcome', outcome]] as Labels,
      value: [...pair.trials, ...pair.others].filter((trial) => trial.outcome === outcome).length,
    })),
  );
  const kinds = new Map(pairs.flatMap(({ figures }) => figures.map((figure) => [figure.metric.id, figure])));
  return [
    { name: 'tare_trials', help: helpOn(locale, 'trials'), samples: outcomes },
    ...[...kinds.values()].flatMap(({ metric, over }) => [
      familyOf(metric, '', helpOn(locale, over, metric), pairs, ({ value }) => value),
      familyOf(metric, '_low', helpOn(locale, 'low', metric), pairs, ({ interval }) => interval?.low),
      familyOf(metric, '_high', helpOn(locale, 'high', metric), pairs, ({ interval }) => interval?.high),
    ]),
  ];
}

function familyOf(
  metric: Named,
  bound: '' | '_low' | '_high',
  help: string,
  pairs: readonly Pair[],
  read: (figure: Summed) => number | undefined,
): Family {
  const unit = metric.unit === 'ms' ? 'seconds' : metric.unit === 'bytes' ? 'bytes' : undefined;
  const samples = pairs.flatMap((pair) => {
    const figure = pair.figures.find((one) => one.metric.id === metric.id);
    const value = figure && read(figure);
    if (value === undefined) return [];
    return [{ labels: labelsOf(pair), value: unit === 'seconds' ? shifted(value, -3) : value }];
  });
  return {
    name: `tare_${snake(unitless(metric))}${bound}${unit ? `_${unit}` : ''}`,
    ...(unit && { unit }),
    help,
    samples,
  };
}

const labelsOf = ({ host, workload, target, cold }: Pair): Labels => [
  ...hostLabel(host),
  ['workload', workload],
  ['target', target],
  ...(cold ? ([['starts', 'cold']] as Labels) : []),
];

const helpOn = (locale: Locale, what: NameIn<'export.openmetrics'>, metric?: Named): string =>
  message(locale, `export.openmetrics.${what}`, metric ? { metric: metric.id } : {});

/** `load.answeredPerSecond` → `load_answered_per_second` */
const snake = (id: string): string =>
  id
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a}_${b}`)
    .toLowerCase();

/** A family without a sample is nothing to tell. */
function familyLines({ name, unit, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const told = [
    `# TYPE ${name} gauge`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${help}`,
    ...samples.map(({ labels, value }) => `${name}${labelWords(labels)} ${value}`),
  ];
  return `${told.join('\n')}\n`;
}

const labelWords = (labels: Labels): string =>
  labels.length === 0 ? '' : `{${labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`;

const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string): string => text.replace(/[\\"\n]/g, (character) => escapes[character]!);
