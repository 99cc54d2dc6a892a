/** Density in sentences: how many fit, what binds, and whether the prediction was right. */
import { tell } from '../../../contract/messages';
import type { Message, Verdict, VerdictSubject } from '../../../contract/report/report';
import { hasLimits, kindOf } from '../../../contract/targets';
import type { Estimates } from '../estimates/estimates';
import { ladders, promised, type ClimbedLadder } from '../estimates/ladders';

/** A prediction is good when the truth lies in its interval, or at most so far from it. */
const goodShare = 0.1;

export const densityVerdicts = (of: Estimates): Verdict[] => [
  ...ladders(of).flatMap((one) => [
    fitsVerdict(one),
    ...bindingVerdict(one),
    ...proofVerdict(one),
    ...endVerdict(one),
    ...promiseVerdict(one),
  ]),
  ...timesVerdicts(ladders(of)),
];

/** @param name  the verdict's id is this, the workload and the target */
const verdictOn = (
  { ladder: { workload, target } }: ClimbedLadder,
  name: string,
  subject: VerdictSubject,
  standing: Verdict['standing'],
  text: Message,
): Verdict => ({
  id: `${name} ${workload} ${target}`,
  about: { subject, workload, targets: [target] },
  standing,
  text,
});

function fitsVerdict(one: ClimbedLadder): Verdict {
  const { ladder, prediction, first, marginal } = one;
  const names = { workload: ladder.workload, target: { target: ladder.target } };
  if (!prediction || !first || !marginal) {
    const text = tell('verdict.density.unknown', { ...names, reached: ladder.reached });
    return verdictOn(one, 'density', 'density', 'unclear', text);
  }
  const { count, interval } = prediction;
  const text = tell(interval ? 'verdict.density.fits' : 'verdict.density.fits-roughly', {
    ...names,
    count,
    ...(interval && { low: interval.low, high: interval.high }),
    floor: { bytes: ladder.capacity.floorBytes },
    first: { bytes: first.value },
    marginal: { bytes: marginal.value },
  });
  return verdictOn(one, 'density', 'density', interval ? 'holds' : 'unclear', text);
}

function bindingVerdict(one: ClimbedLadder): Verdict[] {
  const { ladder, prediction, first, marginal } = one;
  if (!prediction || !first || !marginal) return [];
  const text = tell(`verdict.density.binds.${prediction.binding}`, { target: { target: ladder.target } });
  return [verdictOn(one, 'density-binds', 'density', 'note', text)];
}

/** The prediction against the truth. */
function proofVerdict(one: ClimbedLadder): Verdict[] {
  const { ladder, prediction, truth } = one;
  if (truth === undefined || !prediction || !ladder.steps.some(({ proof }) => proof)) return [];
  const { count, interval } = prediction;
  const off = Math.abs(count - truth) / Math.max(1, truth);
  const good = off <= goodShare || (interval && interval.low <= truth && truth <= interval.high);
  const text = tell(good ? 'verdict.density.proved' : 'verdict.density.missed', {
    workload: ladder.workload,
    target: { target: ladder.target },
    count,
    truth,
    off: { percent: off * 100 },
  });
  return [verdictOn(one, 'density-proof', 'prediction', good ? 'holds' : 'unclear', text)];
}

function endVerdict(one: ClimbedLadder): Verdict[] {
  const { ended, guard, reached, workload, target, capacity } = one.ladder;
  if (ended === 'most') return [];
  const why = ended === 'guard' ? (`guard-${guard!}` as const) : ended;
  const text = tell(`verdict.density.ended-${why}`, {
    workload,
    target: { target },
    reached,
    floor: { bytes: capacity.floorBytes },
  });
  return [verdictOn(one, 'density-end', 'prediction', ended === 'failed' ? 'warning' : 'note', text)];
}

function promiseVerdict(one: ClimbedLadder): Verdict[] {
  const { ladder, prediction, limitBytes } = one;
  const count = promised(one);
  if (count === undefined || !prediction || !hasLimits(ladder.target)) return [];
  const text = tell('verdict.density.promised', {
    target: { target: ladder.target },
    limit: { bytes: limitBytes },
    promised: count,
    count: prediction.count,
  });
  return [verdictOn(one, 'density-promise', 'density', 'note', text)];
}

/** How many times as many containers as VMs fit. */
const timesVerdicts = (all: readonly ClimbedLadder[]): Verdict[] =>
  all.flatMap((vm) => {
    const { workload, target } = vm.ladder;
    if (kindOf(target) !== 'vm' || !vm.prediction || vm.prediction.count === 0) return [];
    const container = all.find(
      ({ ladder }) => kindOf(ladder.target) === 'container' && ladder.workload === workload,
    );
    if (!container?.prediction) return [];
    const times = container.prediction.count / vm.prediction.count;
    return {
      id: `density-times ${workload} ${target}`,
      about: { subject: 'density', workload, targets: [container.ladder.target, target] },
      standing: times > 1.05 || times < 0.95 ? 'holds' : 'unclear',
      text: tell('verdict.density.times', {
        workload,
        container: { target: container.ladder.target },
        vm: { target },
        containers: container.prediction.count,
        vms: vm.prediction.count,
        times: { times },
      }),
    };
  });
