/** The blocks that a written report consists of. Their words are the reader's; how each looks is a matter of the format that paints it. */
import type { Answer, ChartSpec, Table } from '../../../contract/report/report';

/** A figure of the report. The answer has no chart of its own: each format draws its rows. */
export type Picture = { of: 'answer'; answer: Answer } | { of: 'chart'; spec: ChartSpec };

/** A line of a list, with a bold beginning where it has one. */
export interface Line {
  lead?: string;
  words: string;
}

export type Block =
  | {
      kind: 'heading';
      /** of the record; stands in the subtitle */
      id: string;
      title: string;
      subtitle: string;
      /** what a person wrote about the record */
      note: string | undefined;
      failure: { what: string; remedy: string } | undefined;
    }
  /** the sentence that answers what was asked, and what belongs to it */
  | { kind: 'answer'; sentence: string; blocks: Block[] }
  /** a subject of the report, with an id that a link can name */
  | { kind: 'section'; id: string; title: string; blocks: Block[] }
  /** how all of it was measured: for those who ask */
  | { kind: 'method'; title: string; blocks: Block[] }
  /** a part of the method */
  | { kind: 'group'; title: string; blocks: Block[] }
  | { kind: 'paragraph'; words: string }
  | { kind: 'picture'; picture: Picture }
  /** open: never folded to its title */
  | { kind: 'table'; table: Table; open?: boolean }
  | { kind: 'list'; lines: Line[] }
  /** how well each figure of an answer is known, and what makes all of it less sure */
  | { kind: 'sureness'; title: string; figures: Line[]; doubts: string[] }
  /** certainties with their findings, names with their reasons, or facts with their values; in a grid those have a head */
  | {
      kind: 'terms';
      of: 'findings' | 'reasons' | 'facts';
      head?: [string, string];
      terms: [string, string][];
    }
  /** a command for a shell, and what it starts */
  | { kind: 'command'; of: string; line: string };

/** A painter of every kind of block. */
export type Painters<Painted> = {
  [Kind in Block['kind']]: (block: Extract<Block, { kind: Kind }>) => Painted;
};
