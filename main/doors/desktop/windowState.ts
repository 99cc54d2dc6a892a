import type { Rectangle } from 'electron';
import { z } from 'zod';
import { keep, readKept } from './keptFile';

/** Where the window stood and how large it was; `bounds` are those it returns to when it is no longer maximised. */
const WindowState = z.object({
  bounds: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
  }),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export const leastSize = { width: 760, height: 520 };
const usualSize = { width: 1280, height: 800 };

/** What must be on a display for a person to be able to grab the window: a piece of its title bar. */
const handle = { width: 120, height: 32 };

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);

/**
 * Where to open the window: as it was left, if a display is still there for it, and never larger than that display.
 * @param displays  the areas that windows may use, the primary one first
 * @returns without `x` and `y` the system places the window
 */
export function placeFor(
  state: WindowState | undefined,
  displays: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const home =
    state &&
    displays.find(
      (area) =>
        overlap(state.bounds.x, state.bounds.width, area.x, area.width) >= handle.width &&
        overlap(state.bounds.y, handle.height, area.y, area.height) >= handle.height,
    );
  const area = home ?? displays[0];
  const wanted = state?.bounds ?? usualSize;
  const size = {
    width: Math.max(leastSize.width, Math.min(wanted.width, area?.width ?? wanted.width)),
    height: Math.max(leastSize.height, Math.min(wanted.height, area?.height ?? wanted.height)),
  };
  return home ? { ...size, x: state.bounds.x, y: state.bounds.y } : size;
}

export const readWindowState = (file: string): WindowState | undefined => readKept(WindowState, file);

export const keepWindowState = (file: string, state: WindowState): void => keep(file, state);
