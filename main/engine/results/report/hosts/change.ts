/**
 * How a run on several hosts stands against another one. Each host is a pair of runs: what the machine does between two runs of a host
 * varies from host to host as it would from run to run, so that three hosts and more tell a change where two single runs cannot.
 */
import type { Fleet } from '../../../../contract/fleet/fleet';
import type { ComparedFleet, FleetsCompared, HostsChange } from '../../../../contract/report/fleetsCompared';
import { outcomeOf, type Outcome } from '../../../../contract/report/report';
import type { Run } from '../../../../contract/run/run';
import { TareError } from '../../../base/errors';
import { judgeTogether, smallestEffect, type Judged } from '../../statistics/judgement';
import { effectOf, randomEffects, type Effect } from '../../statistics/randomEffects';
import { heldAgainst } from '../comparison/comparison';
import { conditionsOn, differencesOf } from '../comparison/differences';
import { isEmulated } from '../estimates/groups';
import { changeCharts } from './changeCharts';
import { changeTables, changeVerdicts } from './changeWords';
import { toldPool } from './comparisons';
import { isMeasurable, boundedRatios } from '../../statistics/ratios';

interface Growing extends Pick<HostsChange, 'workload' | 'target' | 'metric' | 'hosts' | 'emulated'> {
  effects: Effect[];
}

/** @throws {TareError} `not-comparable` where no host measured a metric in both */
export function compareFleets(
  base: Fleet,
  other: Fleet,
  minimumEffect: number = smallestEffect,
): FleetsCompared {
  const [before, after] = [runsOf(base), runsOf(other)];
  const groups = new Map<string, Growing>();
  for (const [host, run] of before) {
    const now = after.get(host);
    if (now) addHost(groups, host, run, now);
  }
  if (groups.size === 0) throw new TareError({ code: 'not-comparable', base: base.id, other: other.id });
  const all = [...groups.values()].map((group) => ({ ...group, found: randomEffects(group.effects) }));
  const judged = judgeTogether(
    all.flatMap(({ found }) => found?.contrast ?? []),
    minimumEffect,
  );
  const changes = all.map(({ workload, target, metric, hosts, emulated, found }): HostsChange => {
    const about = { workload, target, metric, hosts, ...(emulated && { emulated }) };
    const verdict = judged.find(({ ratio }) => ratio === found?.contrast);
    const pooled = found && verdict && toldPool(found, verdict);
    return { ...about, ...(pooled && { pooled }), outcome: outcomeOver(about, verdict) };
  });
  const compared = {
    schemaVersion: 2 as const,
    base: identity(base),
    other: identity(other),
    minimumEffect,
    changes,
    leftOut: [
      ...alone(before, after).map((host) => ({ host, why: 'only-in-base' as const })),
      ...alone(after, before).map((host) => ({ host, why: 'only-in-other' as const })),
    ],
    regression: changes.some(({ outcome }) => outcome === 'more'),
  };
  return {
    ...compared,
    verdicts: changeVerdicts(compared),
    charts: changeCharts(compared),
    tables: changeTables(compared),
  };
}

const runsOf = ({ hosts }: Fleet): Map<string, Run> =>
  new Map(hosts.flatMap(({ name, run }): [string, Run][] => (run ? [[name, run]] : [])));

const alone = (these: ReadonlyMap<string, Run>, those: ReadonlyMap<string, Run>): string[] =>
  [...these.keys()].filter((host) => !those.has(host));

const identity = ({ id, plan, label, startedAt, hosts }: Fleet): ComparedFleet => ({
  ...{ id, startedAt },
  name: label?.name ?? plan.name,
  hosts: hosts.filter(({ run }) => run).length,
});

function addHost(groups: Map<string, Growing>, host: string, base: Run, other: Run): void {
  const differences = differencesOf([base], [other]);
  for (const { row, metric, ratio } of heldAgainst([base], [other])) {
    if (!isMeasurable(ratio.value)) continue; // nobody has measured that
    const { workload, target } = row;
    const key = JSON.stringify([workload, target, row.metric]);
    const group = groups.get(key) ?? { workload, target, metric: row.metric, hosts: [], effects: [] };
    groups.set(key, group);
    // what was emulated is never held against what was not
    if (isEmulated(base.trials.filter((trial) => trial.target === target))) group.emulated = true;
    const because = conditionsOn(differences, row, metric.compared.subject);
    group.hosts.push({
      ...{ host, base: row.base.centre, other: row.other.centre, ratio: ratio.value },
      ...(ratio.interval && { interval: boundedRatios(ratio.interval) }),
      ...(because.length > 0 && { because }),
    });
    const effect = because.length === 0 ? effectOf(ratio) : undefined;
    if (effect) group.effects.push(effect);
  }
}

function outcomeOver({ hosts }: Pick<HostsChange, 'hosts'>, verdict: Judged | undefined): Outcome {
  if (verdict) return outcomeOf(verdict.judgement, verdict.ratio.value);
  return hosts.every(({ because }) => because) ? 'not-comparable' : 'unknown';
}
