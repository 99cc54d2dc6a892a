import type { Builder } from './building';
import type { BuildStep, Transfer } from './images';
import type { NameIn } from '../messages';

/** What is done in it: a step without words does not compile. */
export type StepName = NameIn<'step'>;

/** A step that is done once for many trials: image, disk, kit, accelerator. Timed apart from any start. */
export interface Progress {
  step: StepName;
  /** what it is done to: an image, a file, a package */
  subject: string;
  state: 'started' | 'moving' | 'done';
  /** 0 to 1 when it can be known */
  share?: number;
  elapsedMs: number;
  /** a pull or push: layer by layer */
  transfer?: Transfer;
  /** a build: instruction by instruction */
  build?: BuildStep[];
  /** what carries it out */
  builder?: Builder;
}

/** The steps with a newer state of one of them, or with one more. */
export function withStep(steps: Progress[], step: Progress): Progress[] {
  const isSame = (one: Progress) => one.step === step.step && one.subject === step.subject;
  return steps.some(isSame) ? steps.map((one) => (isSame(one) ? step : one)) : [...steps, step];
}
