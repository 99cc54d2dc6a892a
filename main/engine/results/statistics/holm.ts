/**
 * Holm's step-down correction of several p-values (Scand. J. Statistics 6, 1979): the chance of even one false claim
 * among them all stays below the level. Order kept.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((i, j) => pValues[i]! - pValues[j]!);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, rankFromSmallest) => {
    floor = Math.max(floor, Math.min(1, pValues[index]! * (pValues.length - rankFromSmallest)));
    corrected[index] = floor;
  });
  return corrected;
}
