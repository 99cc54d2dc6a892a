/** What an attack is. */
import type { Draw } from './draw';
import type { Scene } from './stage/scene';
import type { CacheKind, Stage } from './stage/stage';

/** Rows of the table that is printed at the end. */
export const rows = [
  'kills',
  'faults',
  'full disks',
  'two at once',
  'inputs',
  'hostile images',
  'doors',
] as const;
type Row = (typeof rows)[number];

export interface Outcome {
  /** what was tried, in a few words */
  what: string;
  /** attacks in it: of inputs there are hundreds in one case; default: 1 */
  tried?: number;
  /** what is not as it should be, one sentence each; empty: survived */
  wrong: string[];
}

/** One attack of a kind. */
export interface Case {
  stage: Stage;
  /** its own choices */
  draw: Draw;
  /** from 0 */
  number: number;
  /** Carries it out in a scene of its own, of which the evidence is kept when something is wrong. */
  within: (work: (scene: Scene) => Promise<Outcome>, cache?: CacheKind) => Promise<Outcome>;
}

export interface Kind {
  name: string;
  row: Row;
  /** how many of these in an hour beside the others */
  anHour: number;
  /** what it does, and what it then looks at */
  title: string;
  attack: (one: Case) => Promise<Outcome>;
}
