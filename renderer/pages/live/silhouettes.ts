import type { Locale } from '../../../main/contract/appearance';
import { axisFor } from '../../../main/drawing/axis';
import { dashes, silhouette } from '../../../main/drawing/marks';
import { pageLook, type Kind } from '../../../main/drawing/palette';
import { line, path, text, textAt, through, type Shape } from '../../../main/drawing/shapes';
import { widest } from '../../../main/drawing/words';
import { tickWords, ticksOf } from '../../state/live/clock';
import { sides, type Reading, type Side } from '../../../main/contract/run/allMemory';

/** Where the drawing ends: both grow seldom and never shrink. */
interface Ends {
  timeMs: number;
  bytes: number;
}

const size = 12;
const room = { top: 8, below: 24, right: 14 };
const kinds: Record<Side, Kind> = { 'shared-kernel': 'container', vm: 'vm' };

/** What the whole computer used beyond the least of this run: never below 0, whatever others give back. */
export function hostUse(readings: readonly Reading[]): (number | undefined)[] {
  const most = Math.max(0, ...readings.map(({ availableBytes }) => availableBytes ?? 0));
  return readings.map(({ availableBytes }) => availableBytes && most - availableBytes);
}

/** How large the drawing is, and where its axes end. */
export interface Ground extends Ends {
  width: number;
  height: number;
  locale: Locale;
}

/** The axes: made anew only when they grow. */
export interface Axes {
  shapes: Shape[];
  across: Place;
  up: Place;
}

type Place = (value: number) => number;

export function axesOf({ width, height, timeMs, bytes, locale }: Ground): Axes {
  const value = axisFor('bytes', 0, bytes, locale, 4);
  const words = value.ticks.map(({ at }) => value.show(at));
  const left = widest(words, size) + 10;
  const right = width - room.right;
  const floor = height - room.below;
  const across = (ms: number) => left + (ms / timeMs) * (right - left);
  const up = (at: number) => floor - (Math.min(at, value.max) / value.max) * (floor - room.top);
  const quiet = { size, fill: pageLook.muted };
  const ticks = ticksOf(timeMs, Math.max(2, Math.floor((right - left) / 90)));
  const shapes = [
    ...value.ticks.flatMap(({ at }, index) => [
      line(left, up(at), right, up(at), pageLook.grid),
      textAt(left - 8, up(at), words[index]!, { ...quiet, anchor: 'end' }),
    ]),
    ...ticks.map((ms) => text(across(ms), floor + 17, tickWords(ms, timeMs), { ...quiet, anchor: 'middle' })),
  ];
  return { shapes, across, up };
}

/**
 * Memory of all instances over the time of a run: VMs upon containers and processes, so that the upper edge is what all have together.
 * @param withHost  also what the whole computer uses
 */
export const silhouettes = (
  readings: readonly Reading[],
  { across, up }: Axes,
  withHost = false,
): Shape[] => [
  ...sides.flatMap((side) => bands(readings, side, across, up)),
  ...(withHost ? edges(readings, hostUse(readings), across, up) : []),
];

const below = (reading: Reading, side: Side): number | undefined =>
  side === 'vm' ? reading.bytes['shared-kernel'] : 0;

/** Stretches of readings of which a side is known, as areas. */
function bands(readings: readonly Reading[], side: Side, across: Place, up: Place): Shape[] {
  const known = unbroken(readings, (reading) => {
    const [base, bytes] = [below(reading, side), reading.bytes[side]];
    // where nothing is up there is nothing to draw, not even an edge
    return base === undefined || !bytes
      ? undefined
      : { x: across(reading.atMs), base: up(base), edge: up(base + bytes) };
  });
  return known.flatMap((stretch) =>
    silhouette(
      stretch.map(({ x, edge }) => [x, edge] as const),
      stretch.map(({ x, base }) => [x, base] as const),
      kinds[side],
      pageLook,
    ),
  );
}

function edges(
  readings: readonly Reading[],
  values: readonly (number | undefined)[],
  across: Place,
  up: Place,
): Shape[] {
  const at = new Map(readings.map((reading, index) => [reading, values[index]]));
  const known = unbroken(readings, (reading) => {
    const bytes = at.get(reading);
    return bytes === undefined ? undefined : ([across(reading.atMs), up(bytes)] as const);
  });
  return known.map((stretch) =>
    path(through(...stretch), { stroke: pageLook.line('other', 0), 'stroke-width': 1.5, ...dashes('vm') }),
  );
}

function unbroken<T>(readings: readonly Reading[], placed: (reading: Reading) => T | undefined): T[][] {
  const found: T[][] = [[]];
  for (const reading of readings) {
    const place = placed(reading);
    if (place === undefined) found.push([]);
    else found.at(-1)!.push(place);
  }
  return found.filter(({ length }) => length > 0);
}
