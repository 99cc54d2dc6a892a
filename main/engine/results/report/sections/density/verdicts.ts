/** Density in sentences: how many fit, what binds, and whether the prediction was right. */
import { tell } from '../../../../../contract/messages';
import type { Message, Verdict, VerdictSubject } from '../../../../../contract/report/report';
import type { DensityLadder } from '../../../../../contract/run/density';
import { hasLimits } from '../../../../../contract/targets';
import { smallestEffect, type Judged } from '../../../statistics/judgement';
import { rangeOf } from '../../chart';
import { minimumFact, seenFact } from '../judgements';
import type { Estimates } from '../../estimates/estimates';
import { judgedOn } from '../../estimates/judging';
import {
  climbedPairs,
  isProved,
  promised,
  timesAsMany,
  type ClimbedPair,
  type Times,
} from '../../estimates/ladders';
import { memorySource } from '../../estimates/prediction';

/** A prediction is good when the truth lies in its interval, or at most so far from it. */
const goodShare = 0.1;

export const densityVerdicts = (of: Estimates): Verdict[] => [
  ...climbedPairs(of).flatMap((pair) => {
    const fits = fitsVerdict(pair);
    return [
      fits,
      ...bindingVerdict(pair, fits.standing),
      ...booksVerdict(pair),
      ...proofVerdict(pair),
      ...endVerdicts(pair),
      ...promiseVerdict(pair),
    ];
  }),
  ...timesAsMany(of).map((times) => timesVerdict(times, judgedOn(of, times.ratio))),
];

/** @param name  the verdict's id is this, the workload and the target */
const verdictOn = (
  { workload, target }: ClimbedPair,
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

const namesOf = ({ workload, target }: ClimbedPair) => ({ workload, target: { target } });
const reachedBy = (ladders: readonly DensityLadder[]): string =>
  rangeOf(ladders.map(({ reached }) => reached));

function fitsVerdict(pair: ClimbedPair): Verdict {
  const { ladders, prediction, first, marginal } = pair;
  if (!prediction || !first || !marginal) {
    const text = tell('verdict.density.unknown', { ...namesOf(pair), reached: reachedBy(ladders) });
    return verdictOn(pair, 'density', 'density', 'unclear', text);
  }
  const { count, interval, isCounted } = prediction;
  const facts = {
    ...namesOf(pair),
    count,
    n: ladders.length,
    floor: { bytes: ladders[0]!.capacity.floorBytes },
    first: { bytes: first.value },
    marginal: { bytes: marginal.value },
  };
  const text = interval
    ? tell('verdict.density.fits', { ...facts, low: interval.low, high: interval.high })
    : tell(isCounted ? 'verdict.density.fits-counted' : 'verdict.density.fits-roughly', facts);
  return verdictOn(pair, 'density', 'density', interval || isCounted ? 'holds' : 'unclear', text);
}

/** As sure as the number that it explains. */
function bindingVerdict(pair: ClimbedPair, standing: Verdict['standing']): Verdict[] {
  if (!pair.prediction) return [];
  const text = tell(`verdict.density.binds.${pair.prediction.limit}`, { target: { target: pair.target } });
  return [verdictOn(pair, 'density-binds', 'density', standing, text)];
}

/**
 * Told where the books disagree, by more than the interval of the residual and by enough to matter, and where the host's were of
 * no use.
 */
function booksVerdict(pair: ClimbedPair): Verdict[] {
  const { own, host, residual } = pair.costs;
  if (host?.marginal.interval && memorySource(pair.costs) === 'own') {
    const text = tell('verdict.density.by-own', namesOf(pair));
    return [verdictOn(pair, 'density-books', 'density', 'note', text)];
  }
  if (!own || !host || !residual?.interval) return [];
  const { low, high } = residual.interval;
  const isApart = low > 0 || high < 0;
  if (!isApart || Math.abs(residual.value) < smallestEffect * own.marginal.value) return [];
  const text = tell('verdict.density.books-differ', {
    ...namesOf(pair),
    own: { bytes: own.marginal.value },
    host: { bytes: host.marginal.value },
    low: { bytes: low },
    high: { bytes: high },
  });
  return [verdictOn(pair, 'density-books', 'density', 'warning', text)];
}

/** The prediction against the truth. */
function proofVerdict(pair: ClimbedPair): Verdict[] {
  const { prediction, truth } = pair;
  if (truth === undefined || !prediction || !isProved(pair)) return [];
  const { count, interval } = prediction;
  const off = Math.abs(count - truth) / Math.max(1, truth);
  const good = off <= goodShare || (interval && interval.low <= truth && truth <= interval.high);
  const text = tell(good ? 'verdict.density.proved' : 'verdict.density.missed', {
    ...namesOf(pair),
    count,
    truth,
    off: { percent: off * 100 },
  });
  return [verdictOn(pair, 'density-proof', 'prediction', good ? 'holds' : 'unclear', text)];
}

/** What stopped ladders before they were as high as asked for: each reason once. */
function endVerdicts(pair: ClimbedPair): Verdict[] {
  const byReason = new Map<string, DensityLadder[]>();
  for (const ladder of pair.ladders) {
    const { ended, guard = '' } = ladder;
    const reason = `${ended} ${guard}`;
    if (ended !== 'most') byReason.set(reason, [...(byReason.get(reason) ?? []), ladder]);
  }
  return [...byReason].map(([reason, ladders]) => {
    const { ended, guard, capacity } = ladders[0]!;
    const why = ended === 'guard' ? (`guard-${guard!}` as const) : (ended as Exclude<typeof ended, 'most'>);
    const text = tell(`verdict.density.ended-${why}`, {
      ...namesOf(pair),
      reached: reachedBy(ladders),
      floor: { bytes: capacity.floorBytes },
    });
    const standing = ended === 'failed' ? 'warning' : 'note';
    return verdictOn(pair, `density-end ${reason.trim()}`, 'prediction', standing, text);
  });
}

function promiseVerdict(pair: ClimbedPair): Verdict[] {
  const { target, prediction, limitBytes } = pair;
  const count = promised(pair);
  if (count === undefined || !prediction || !hasLimits(target)) return [];
  const isLess = count < prediction.count;
  const text = tell(isLess ? 'verdict.density.promised' : 'verdict.density.promised-more', {
    target: { target },
    limit: { bytes: limitBytes },
    promised: count,
    count: prediction.count,
  });
  return [verdictOn(pair, 'density-promise', 'density', 'note', text)];
}

/** How many times as many fit: no sentence about it without an interval. */
function timesVerdict({ container, vm, ratio }: Times, judged: Judged): Verdict {
  const { judgement, interval, detectable } = judged;
  const facts = {
    workload: vm.workload,
    container: { target: container.target },
    vm: { target: vm.target },
    containers: container.prediction!.count,
    vms: vm.prediction!.count,
    times: { times: ratio.value },
    ...(interval && { low: { times: interval.low }, high: { times: interval.high } }),
    ...(detectable !== undefined && { seen: seenFact(detectable) }),
    minimum: minimumFact(judged.minimumEffect),
  };
  const form = interval ? judgement : 'no-interval';
  return {
    id: `density-times ${vm.workload} ${vm.target}`,
    about: { subject: 'density', workload: vm.workload, targets: [container.target, vm.target] },
    standing: judgement === 'cannot-tell' ? 'unclear' : 'holds',
    judgement,
    ...(judgement === 'cannot-tell' && detectable !== undefined && { detectable }),
    text: tell(`verdict.density.times.${form}`, facts),
  };
}
