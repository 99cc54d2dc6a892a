import { openProgram, type Way } from '../channel';

/**
 * This computer, by an agent of its own: it is measured as any other host is.
 * @param words  this Tare's own command line
 */
export const localWay = (words: readonly string[]): Way => ({
  explain: () => undefined,
  // where Tare is installed, its runtime is Electron's
  open: () => openProgram([...words, 'agent', '--stdio'], { env: { ELECTRON_RUN_AS_NODE: '1' } }),
});
