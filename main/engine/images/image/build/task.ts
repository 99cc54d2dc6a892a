import type { BuildOptions } from '../../../../contract/work/building';
import type { Given } from '../../../../contract/work/variables';

/** What is to be built, and how. */
export interface BuildOrder {
  /** the folder that the Dockerfile builds from */
  path: string;
  options?: BuildOptions;
  /** what the image is to be called; absent: {@link folderTag}, and the image of an earlier build of that name is removed */
  tag?: string;
  /** without using layers of earlier builds */
  fresh?: boolean;
  /** told when a builder's program is started, by its words; the answer is called once it has ended */
  began?: (words: string[]) => () => void;
}

/** Options whose arguments have their values. */
export type GivenOptions = Omit<BuildOptions, 'buildArgs'> & { buildArgs?: Given };

/** An order with nothing left open. */
export interface BuildTask extends Required<Omit<BuildOrder, 'tag' | 'options'>> {
  options: GivenOptions;
  reference: string;
  /** a name of the session's ledger */
  name: string;
  /** the build's own, which goes with it */
  folder: string;
}
