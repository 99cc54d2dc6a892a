import { isOfHosts } from '../../../../contract/record';
import type { Locale } from '../../../../contract/appearance';
import type { Failure } from '../../../../contract/failures';
import type { FleetHost } from '../../../../contract/fleet/fleet';
import { explain, nameOf, planTitleIn } from '../../../../contract/messages';
import { readyMs } from '../../../../contract/metrics';
import { showInterval, showValue } from '../../../../contract/quantities';
import type { HostsComparison } from '../../../../contract/report/fleet';
import { subjectOf, verdictWords } from '../../../../contract/report/verdicts';
import { weakenedWords } from '../../../../contract/report/weaknesses';
import type { Verdict } from '../../../../contract/report/report';
import type { Run, Trial } from '../../../../contract/run/run';
import type { ReportedFleet } from '../../report/hosts/reported';
import { nameOfPair, pairsOn, shifted } from '../figures';
import { escape } from '../escape';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';
import { conditionsOf } from './conditions';

/**
 * JUnit XML as Jenkins and GitLab read it: a case for each verdict and for each trial. A verdict by which B takes more is a failure, one that
 * cannot be told is skipped, and a trial that does not count is an error. Of a run on several hosts each host has a suite: a case for
 * itself, which is an error where it gave no run, and one for each of its ratios and trials.
 */
export const junit: TextExporter<ReportedRecord> = {
  files: (record, locale) => {
    const suites = [verdictSuite(record, locale), ...trialSuites(record, locale)].map(suiteXml);
    const name = attribute('name', planTitleIn(locale, record.plan.name));
    const content = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${name}>\n${suites.join('\n')}\n</testsuites>\n`;
    return [{ content }];
  },
};

interface Suite {
  name: string;
  startedAt: string;
  properties: [name: string, value: string][];
  cases: Case[];
}

interface Case {
  name: string;
  classname: string;
  time?: string;
  /** what is not as it should be */
  says?: { as: 'failure' | 'error' | 'skipped'; message: string; type?: string };
  out?: string;
}

function verdictCase(verdict: Verdict, locale: Locale): Case {
  const { id, worse, standing, judgement } = verdict;
  const words = verdictWords(locale, verdict);
  const as = worse ? 'failure' : standing === 'unclear' ? 'skipped' : undefined;
  const weakened = weakenedWords(locale, verdict);
  return {
    name: id,
    classname: subjectOf(verdict) ?? 'run',
    ...(as && { says: { as, message: words, ...(judgement && { type: judgement }) } }),
    out: weakened === undefined ? words : `${words}\n${weakened}`,
  };
}

function verdictSuite(record: ReportedRecord, locale: Locale): Suite {
  const { id, startedAt, report } = record;
  return {
    ...{ name: 'verdicts', startedAt },
    properties: isOfHosts(record) ? [['run', id]] : [...propertiesOf(record, id), ...densityFacts(record)],
    cases: [
      ...(isOfHosts(record) ? endedEarly(record, locale) : []),
      ...(report?.verdicts ?? []).map((verdict) => verdictCase(verdict, locale)),
    ],
  };
}

function trialSuites(record: ReportedRecord, locale: Locale): Suite[] {
  const { id, startedAt } = record;
  if (isOfHosts(record)) return record.hosts.map((host) => hostSuite(host, record, locale));
  return [
    {
      ...{ name: 'trials', startedAt, properties: propertiesOf(record, id) },
      cases: [...endedEarly(record, locale), ...record.trials.map((trial) => trialCase(trial, locale))],
    },
  ];
}

/** Why it ended before its plan did. */
const endedEarly = ({ failure, id }: ReportedRecord, locale: Locale): Case[] =>
  failure ? [{ name: id, classname: 'run', says: errorOf(failure, locale) }] : [];

/** All of one host, whose names are the same whatever it gave. */
function hostSuite({ name, outcome, failure, run }: FleetHost, of: ReportedFleet, locale: Locale): Suite {
  const told = failure
    ? errorOf(failure, locale)
    : ({ as: 'error', message: nameOf(locale, 'outcome', outcome), type: outcome } as const);
  return {
    ...{ name, startedAt: run?.startedAt ?? of.startedAt },
    properties: run ? [...propertiesOf(run, of.id), ...densityFacts(run)] : [['run', of.id]],
    cases: [
      { name: 'run', classname: name, ...(outcome !== 'ok' && { says: told }) },
      ...of.report.comparisons.flatMap((comparison) => ratioCase(comparison, name, locale)),
      ...(run?.trials ?? []).map((trial) => {
        const one = trialCase(trial, locale);
        return { ...one, classname: `${name}/${one.classname}` };
      }),
    ],
  };
}

/** What a host's own report says of a comparison: skipped where that can tell nothing. */
function ratioCase({ metric, base, other, hosts }: HostsComparison, name: string, locale: Locale): Case[] {
  const found = hosts.find(({ host }) => host === name);
  if (!found) return [];
  const { ratio, interval, judgement } = found;
  const words = [
    showValue(locale, 'times', ratio),
    ...(interval ? [`(${showInterval(locale, 'times', interval)})`] : []),
  ].join(' ');
  const isTold = judgement === 'differs' || judgement === 'same';
  const message = `${words}: ${nameOf(locale, 'judgement', judgement)}`;
  return [
    {
      name: [other, base].map(({ workload, target }) => workload ?? target).join(' / '),
      classname: `${name}/${metric}`,
      ...(!isTold && { says: { as: 'skipped', message, type: judgement } }),
      out: message,
    },
  ];
}

const errorOf = (failure: Failure, locale: Locale): Case['says'] => ({
  ...{ as: 'error', message: explain(locale, failure).what, type: failure.code },
});

function trialCase(trial: Trial, locale: Locale): Case {
  const { id, target, failure, outcome } = trial;
  const tookMs = readyMs.read(trial);
  const what = failure ? explain(locale, failure).what : nameOf(locale, 'outcome', outcome);
  return {
    name: id,
    classname: target,
    ...(tookMs !== undefined && { time: String(shifted(tookMs, -3)) }),
    ...(outcome !== 'ok' && { says: { as: 'error', message: what, type: failure?.code ?? outcome } }),
  };
}

/** How many fit, and what each takes: no case's, and told as what holds of all. */
const densityFacts = (run: Run): [name: string, value: string][] =>
  pairsOn(run).flatMap((pair) =>
    pair.figures
      .filter(({ over }) => over === 'ladders')
      .flatMap(({ metric, value, interval }) => {
        const name = `${nameOfPair(pair)} ${metric.id}`;
        const bounds: [string, string][] = interval
          ? [
              [`${name} low`, String(interval.low)],
              [`${name} high`, String(interval.high)],
            ]
          : [];
        return [[name, String(value)] as [string, string], ...bounds];
      }),
  );

const propertiesOf = (run: Run, id: string): Suite['properties'] => [
  ['run', id],
  ['tare', run.environment.tareVersion],
  ...conditionsOf(run),
];

function suiteXml({ name, startedAt, properties, cases }: Suite): string {
  const count = (as: string) => cases.filter(({ says }) => says?.as === as).length;
  const facts: [string, string | number][] = [
    ['name', name],
    ['tests', cases.length],
    ['failures', count('failure')],
    ['errors', count('error')],
    ['skipped', count('skipped')],
    ['timestamp', startedAt],
  ];
  return [
    `<testsuite ${facts.map(([name, value]) => attribute(name, String(value))).join(' ')}>`,
    '<properties>',
    ...properties.map(
      ([name, value]) => `<property ${attribute('name', name)} ${attribute('value', value)}/>`,
    ),
    '</properties>',
    ...cases.map(caseXml),
    '</testsuite>',
  ].join('\n');
}

function caseXml({ name, classname, time, says, out }: Case): string {
  const facts = [
    attribute('name', name),
    attribute('classname', classname),
    ...(time === undefined ? [] : [attribute('time', time)]),
  ];
  const inside = [
    ...(says
      ? [
          `<${[says.as, ...(says.type === undefined ? [] : [attribute('type', says.type)]), attribute('message', says.message)].join(' ')}/>`,
        ]
      : []),
    ...(out === undefined ? [] : [`<system-out>${text(out)}</system-out>`]),
  ];
  const opening = `<testcase ${facts.join(' ')}`;
  return inside.length === 0 ? `${opening}/>` : `${opening}>${inside.join('')}</testcase>`;
}

/** What XML 1.0 has no way to write is replaced. */
const text = (words: string): string =>
  escape(words.replace(/[\ufffe\uffff]/g, '\ufffd').replace(/\r\n?/g, '\n'));

/** Readers make spaces of line ends and tabs that stand in an attribute as they are. */
const attribute = (name: string, value: string): string =>
  `${name}="${text(value).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`)}"`;
