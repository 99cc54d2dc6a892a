import type { Locale } from '../../../contract/appearance';
import { explain, nameOf, planTitleIn } from '../../../contract/messages';
import { readyMs } from '../../../contract/metrics';
import { subjectOf, verdictWords } from '../../../contract/report/verdicts';
import { weakenedWords } from '../../../contract/report/weaknesses';
import type { Verdict } from '../../../contract/report/report';
import type { Run, Trial } from '../../../contract/run/run';
import { nameOfPair, pairsOf, shifted } from '../figures';
import { escape } from '../escape';
import type { TextExporter } from '../format';
import { conditionsOf } from './conditions';

/**
 * JUnit XML as Jenkins and GitLab read it: a case for each verdict and for each trial. A verdict by which B takes more is a failure, one that
 * cannot be told is skipped, and a trial that does not count is an error.
 */
export const junit: TextExporter = {
  files: (run, locale) => {
    const suites = [
      suite(
        'verdicts',
        run,
        (run.report?.verdicts ?? []).map((verdict) => verdictCase(verdict, locale)),
        densityFacts(run),
      ),
      suite('trials', run, [...runCase(run, locale), ...run.trials.map((trial) => trialCase(trial, locale))]),
    ];
    const name = attribute('name', planTitleIn(locale, run.plan.name));
    const content = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${name}>\n${suites.join('\n')}\n</testsuites>\n`;
    return [{ content }];
  },
};

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

/** Why the run ended before its plan did. */
const runCase = ({ failure, id }: Run, locale: Locale): Case[] =>
  failure
    ? [
        {
          name: id,
          classname: 'run',
          says: { as: 'error', message: explain(locale, failure).what, type: failure.code },
        },
      ]
    : [];

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
  pairsOf(run).flatMap((pair) =>
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

function suite(
  name: string,
  run: Run,
  cases: readonly Case[],
  further: readonly [name: string, value: string][] = [],
): string {
  const count = (as: string) => cases.filter(({ says }) => says?.as === as).length;
  const facts: [string, string | number][] = [
    ['name', name],
    ['tests', cases.length],
    ['failures', count('failure')],
    ['errors', count('error')],
    ['skipped', count('skipped')],
    ['timestamp', run.startedAt],
  ];
  const properties = [
    ['run', run.id] as const,
    ['tare', run.environment.tareVersion] as const,
    ...conditionsOf(run),
    ...further,
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
