import { placeOf, type BuildStep } from '../../contract/work/images';
import { showBytes, showMs } from '../../contract/quantities';
import { widthOf } from './terminal/layout';
import type { Screen } from './terminal/screen';

/** The instruction that a reader waits for. */
export const buildLines = (screen: Screen, steps: BuildStep[]): string[] =>
  steps.filter(({ state }) => state === 'running').map((step) => `  ${placeOf(step)}  ${step.instruction}`);

/** Each instruction with its time, and the layer that it made. */
export function paintBuild(screen: Screen, steps: BuildStep[]): void {
  const states = steps.map(({ state }) => screen.say(`instruction.${state}`));
  const width = Math.max(0, ...states.map(widthOf));
  const places = steps.map(placeOf);
  const placeWidth = Math.max(0, ...places.map(widthOf));
  steps.forEach(({ instruction, tookMs, layerBytes }, at) => {
    const place = places[at]! + ' '.repeat(placeWidth - widthOf(places[at]!));
    const took = showMs(screen.locale, tookMs).padStart(9);
    const size = layerBytes ? `+${showBytes(screen.locale, layerBytes)}` : '';
    const state = states[at]! + ' '.repeat(width - widthOf(states[at]!));
    screen.paragraph(instruction, `  ${place}  ${took}  ${state}  ${size.padStart(9)}  `);
  });
}
