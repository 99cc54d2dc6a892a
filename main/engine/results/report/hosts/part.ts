/** What a host's run gives for the report over hosts: small beside the run itself, so that those of many hosts need not be held at once. */
import type { FleetHost } from '../../../../contract/fleet/fleet';
import type { HostRatio, HostsComparison } from '../../../../contract/report/fleet';
import type { Run } from '../../../../contract/run/run';
import type { Contrast } from '../../statistics/contrast';
import { effectOf, type Effect } from '../../statistics/randomEffects';
import { conditions, isOf, readCondition } from '../comparison/conditions';
import {
  answered,
  contrastOf,
  valueOf,
  isEmulatedSide,
  isMixedSide,
  type AnsweredSide,
} from '../estimates/answered';
import { Estimates } from '../estimates/estimates';
import { judgedOn } from '../estimates/judging';
import { isMeasurable, boundedRatios } from '../../statistics/ratios';

/** A comparison on one host. */
export interface PartRatio extends Pick<HostsComparison, 'metric' | 'base' | 'other'> {
  of: Omit<HostRatio, 'host' | 'notPooled' | 'weight'>;
  /** its logarithm with its standard error, where its rounds tell one */
  effect?: Effect;
}

export interface HostPart {
  host: Omit<FleetHost, 'run'>;
  /** of the run's trials, and of those that did not end well */
  trials: number;
  failed: number;
  ratios: PartRatio[];
  /** by names of messages `condition.WHAT`: what may move figures; null is not known */
  conditions: Map<string, string | null>;
}

export function partOf({ run, ...host }: FleetHost): HostPart {
  const trials = run?.trials ?? [];
  return {
    host,
    trials: trials.length,
    failed: trials.filter(({ outcome }) => outcome !== 'ok').length,
    ratios: run ? ratiosOf(new Estimates(run)) : [],
    conditions: new Map(run ? conditionsOf(run) : []),
  };
}

const sideOf = ({ target, workload }: AnsweredSide) => ({
  target,
  ...(workload !== undefined && { workload }),
});

/** Memory first, as in a run's own report: emulation changes it least. */
const metrics = ['memory', 'start-up'] as const;

function ratiosOf(of: Estimates): PartRatio[] {
  const [base, ...others] = answered(of).sides;
  if (!base) return [];
  return metrics.flatMap((metric) => others.flatMap((other) => ratioOf(of, metric, base, other) ?? []));
}

function ratioOf(
  of: Estimates,
  metric: HostsComparison['metric'],
  base: AnsweredSide,
  other: AnsweredSide,
): PartRatio | undefined {
  const [ofBase, ofOther] = [base, other].map((side) => valueOf(of, side, metric));
  if (ofBase === undefined || ofOther === undefined) return undefined;
  const contrast = contrastOf(of, other, metric);
  const ratio = contrast?.value ?? ofOther / ofBase;
  if (!isMeasurable(ratio)) return undefined; // nobody has measured that
  const isMixed = [base, other].some(isMixedSide);
  if (!contrast && !isMixed) return undefined;
  const emulated = [base, other].some(isEmulatedSide);
  const effect = contrast && effectOf(contrast);
  return {
    ...{ metric, base: sideOf(base), other: sideOf(other) },
    of: {
      ...{ base: ofBase, other: ofOther },
      ...{ ratio, ...(contrast ? judged(of, contrast) : { judgement: 'not-comparable' as const, n: 0 }) },
      ...(emulated && { emulated }),
    },
    ...(effect && { effect }),
  };
}

function judged(of: Estimates, contrast: Contrast): Pick<HostRatio, 'interval' | 'judgement' | 'n'> {
  const { judgement, interval } = judgedOn(of, contrast);
  return { ...(interval && { interval: boundedRatios(interval) }), judgement, n: contrast.n };
}

/** What may differ between hosts: their machine, their programs, and the images that they ran. */
function conditionsOf(run: Run): [string, string | null][] {
  const bearing = conditions.filter(
    (condition) =>
      !condition.what.startsWith('plan.') && run.plan.targets.some((target) => isOf(condition, target)),
  );
  return [
    ...bearing.map((condition): [string, string | null] => [
      condition.what,
      readCondition(condition, run) ?? null,
    ]),
    ['image', imagesOf(run)],
  ];
}

/** By what runs the same wherever it is stored; `plan.targets` need images or disks, and so some run has none. */
function imagesOf({ environment: { images } }: Run): string | null {
  const all = images.map(
    ({ workload, digest, fingerprint }) => `${workload} ${(fingerprint ?? digest).slice(0, 19)}`,
  );
  return all.length > 0 ? all.join(', ') : null;
}
