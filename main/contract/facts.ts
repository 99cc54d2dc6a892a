import { z } from 'zod';

/** A fact as the engine states it; the door formats it in the reader's language and units. */
export const PlainFact = z.union([
  z.string(),
  z.number(),
  z.object({ bytes: z.number() }),
  z.object({ ms: z.number() }),
  z.object({ times: z.number() }),
  z.object({ percent: z.number() }),
  /** a target by its id: a reader sees its name */
  z.object({ target: z.string() }),
  /** the key of another text: a reader sees its words */
  z.object({ words: z.string() }),
  /** names as they are; each language joins them in its way */
  z.object({ list: z.array(z.string()) }),
]);
export type PlainFact = z.infer<typeof PlainFact>;

/**
 * Why an input is refused: a key of assets/messages and its facts, `at` being the field it is about. A bare text is passed through, as
 * another program or an older Tare wrote it.
 */
export const InputProblem = z.union([
  z.string(),
  z.object({ key: z.string(), facts: z.record(z.string(), PlainFact) }),
]);
export type InputProblem = z.infer<typeof InputProblem>;
