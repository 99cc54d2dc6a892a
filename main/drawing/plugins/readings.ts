/** What every line of a chart last said at the place of the pointer: lines are read at different times, so no index is common to them. */
import type { InteractionItem, InteractionModeFunction } from 'chart.js';

declare module 'chart.js' {
  interface InteractionModeMap {
    readings: InteractionModeFunction;
  }
}

export const readings: InteractionModeFunction = (chart, event) => {
  const at = chart.scales.x!.getValueForPixel(event.x!)!;
  return chart.getSortedVisibleDatasetMetas().flatMap(({ data, index: datasetIndex, _parsed: places }) => {
    const points = places as { x: number; y: number }[];
    const index = lastUntil(points, at);
    const isThere = index >= 0 && (index < points.length - 1 || points[index]!.x === at);
    const element = isThere && !Number.isNaN(points[index]!.y) ? data[index] : undefined;
    return element ? [{ element, datasetIndex, index } satisfies InteractionItem] : [];
  });
};

/** The index of the last point until a place; −1 where there is none. */
function lastUntil(points: readonly { x: number }[], at: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.x <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
