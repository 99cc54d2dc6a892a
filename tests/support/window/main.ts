import type * as Electron from 'electron';
import type { ElectronApplication } from 'playwright-core';

/**
 * Asks the main process of a window under test. It runs in a turn of that process's own event loop, for `app.evaluate` loses the answer
 * of a function that is not asynchronous in about one of 40 times while memory is being cleared: V8 holds the promise of such an answer
 * weakly, and Electron's main process tells it only a turn later ("Resulting promise was garbage collected").
 * @param ask       runs in the main process, so that it sees nothing of the test but its argument
 * @param argument  must be JSON
 * @throws what `ask` throws
 */
export const askMain = <Result, Argument = undefined>(
  app: ElectronApplication,
  ask: (electron: typeof Electron, argument: Argument) => Result | Promise<Result>,
  argument?: Argument,
): Promise<Result> =>
  app.evaluate(
    async (electron, [source, given]) => {
      await new Promise((resolve) => setTimeout(resolve));
      const asked = (0, eval)(`(${source})`) as typeof ask;
      return asked(electron, given as Argument);
    },
    [ask.toString(), argument as unknown] as const,
  );
