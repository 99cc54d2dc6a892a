import type { BuildOptions } from '../../../contract/work/building';

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

/** An order with nothing left open. */
export interface BuildTask extends Required<Omit<BuildOrder, 'tag'>> {
  reference: string;
  /** a name of the session's ledger */
  name: string;
  /** the build's own, which goes with it */
  folder: string;
}
