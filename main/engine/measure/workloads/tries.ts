/** Pure: which of the tries that are still silent makes room for the next, and how finely a good one tells readiness. */

/** A try that was not good. */
export interface NotGood {
  startedAtMs: number;
  /** for how long it could have been answered; Infinity when it failed by itself */
  givenMs: number;
}

/**
 * The place of the silent try to drop. Never the oldest: it stands first in the queue of an application that listens before it serves.
 * Of the others the one whose neighbours' ages are nearest to each other as a ratio, so that what stays is spread from milliseconds to
 * seconds: a try that is answered at once is among them, and one that needs long.
 * @param agesMs  of three or more tries, the oldest first
 */
export function leastMissed(agesMs: readonly number[]): number {
  const ratio = (place: number) => agesMs[place - 1]! / (agesMs[place + 1] ?? 0);
  let least = 1;
  for (let place = 2; place < agesMs.length; place += 1) if (ratio(place) < ratio(least)) least = place;
  return least;
}

/**
 * From the begin of the latest earlier try that shows that the application was not ready to that of the good one; undefined when nothing
 * shows it. One that was dropped shows it only if it was given as long as the good one took.
 * @param good.tookMs  until its answer was complete
 */
export function resolutionOf(
  good: { startedAtMs: number; tookMs: number },
  others: readonly NotGood[],
): number | undefined {
  const telling = others.filter(
    ({ startedAtMs, givenMs }) => startedAtMs < good.startedAtMs && givenMs >= good.tookMs,
  );
  const latestMs = telling.reduce((latest, { startedAtMs }) => Math.max(latest, startedAtMs), -Infinity);
  return telling.length === 0 ? undefined : good.startedAtMs - latestMs;
}
