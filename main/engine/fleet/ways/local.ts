import { openProgram, type Way } from '../channel';

/**
 * This computer, by an agent of its own: it is measured as any other host is.
 * @param words  this Tare's own command line
 */
export const localWay = (words: readonly string[]): Way => ({
  explain: () => undefined,
  open: () => openProgram([...words, 'agent', '--stdio']),
});
