/** The figures of density plans that are told of a workload on a target: what they are stands here and nowhere else. */
import type { NameIn } from '../../../../contract/messages';
import type { Metric } from '../../../../contract/metrics';
import type { Cell } from '../../../../contract/report/report';
import type { DensityLadder } from '../../../../contract/run/density';
import { promised, type ClimbedPair } from './ladders';
import { estimateCell } from './measured';
import { hostChange, lineThrough, ownBytes, residualOf } from './prediction';

export interface LadderFigure {
  /** and its column */
  id: NameIn<'column'>;
  unit: 'count' | 'bytes';
  better?: Metric['better'];
  /** over all ladders */
  cell: (pair: ClimbedPair) => Cell;
  /** what a single ladder comes to; absent where that is nothing of its own */
  ofLadder?: (ladder: DensityLadder, pair: ClimbedPair) => number | undefined;
}

/** In the order of the report's tables. */
export const ladderFigures: readonly LadderFigure[] = [
  {
    id: 'predicted',
    unit: 'count',
    better: 'more',
    cell: ({ prediction, ladders }) => ({
      value: prediction?.count ?? null,
      ...(prediction?.interval && { interval: prediction.interval }),
      n: ladders.length,
    }),
    ofLadder: ({ round }, { prediction }) => prediction?.byRound.get(round),
  },
  { id: 'truth', unit: 'count', better: 'more', cell: ({ truth }) => ({ value: truth ?? null }) },
  { id: 'promised', unit: 'count', cell: (pair) => ({ value: promised(pair) ?? null }) },
  {
    id: 'firstBytes',
    unit: 'bytes',
    better: 'less',
    cell: ({ costs }) => estimateCell(costs.own?.first),
    ofLadder: (ladder) => lineThrough(ladder, ownBytes)?.predict(1).value,
  },
  {
    id: 'marginalBytes',
    unit: 'bytes',
    better: 'less',
    cell: ({ costs }) => estimateCell(costs.own?.marginal),
    ofLadder: (ladder) => lineThrough(ladder, ownBytes)?.slope.value,
  },
  {
    id: 'marginalHostBytes',
    unit: 'bytes',
    better: 'less',
    cell: ({ costs }) => estimateCell(costs.host?.marginal),
    ofLadder: (ladder) => lineThrough(ladder, hostChange)?.slope.value,
  },
  {
    id: 'residualBytes',
    unit: 'bytes',
    cell: ({ costs }) => estimateCell(costs.residual),
    ofLadder: residualOf,
  },
  {
    id: 'keptBytes',
    unit: 'bytes',
    cell: ({ kept }) => estimateCell(kept),
    ofLadder: ({ keptBytes }) => keptBytes,
  },
];

export const ladderFigure = (id: LadderFigure['id']): LadderFigure =>
  ladderFigures.find((figure) => figure.id === id)!;
