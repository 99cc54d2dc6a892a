import { placeOf, type BuildStep } from '../../contract/work/images';
import { showBytes, showMs } from '../../contract/quantities';
import { padded } from './terminal/layout';
import type { Screen } from './terminal/screen';

/** The instruction that a reader waits for. */
export const buildLines = (screen: Screen, steps: BuildStep[]): string[] =>
  steps.filter(({ state }) => state === 'running').map((step) => `  ${placeOf(step)}  ${step.instruction}`);

/** Each instruction with its time, and the layer that it made. */
export function paintBuild(screen: Screen, steps: BuildStep[]): void {
  const states = padded(steps.map(({ state }) => screen.say(`instruction.${state}`)));
  const places = padded(steps.map(placeOf));
  steps.forEach(({ instruction, tookMs, layerBytes }, at) => {
    const took = showMs(screen.locale, tookMs).padStart(9);
    const size = layerBytes ? `+${showBytes(screen.locale, layerBytes)}` : '';
    screen.paragraph(instruction, `  ${places[at]!}  ${took}  ${states[at]!}  ${size.padStart(9)}  `);
  });
}
