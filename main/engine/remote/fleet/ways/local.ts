import { openProgram, type Way } from '../channel';

/**
 * This computer, by a Tare of its own: it is measured as any other host is.
 * @param command  this Tare's own command line
 */
export const localWay = (command: readonly string[]): Way => ({
  explain: () => undefined,
  // where Tare is installed, its runtime is Electron's
  open: (words) => openProgram([...command, ...words], { env: { ELECTRON_RUN_AS_NODE: '1' } }),
});
