/** How processes end, in words. */
import os from 'node:os';

/** Its name, as `SIGKILL`; undefined where this system knows none of that number. */
export const signalName = (number: number): string | undefined =>
  Object.entries(os.constants.signals).find(([, known]) => known === number)?.[0];

/** `exit 3`, `signal SIGKILL`: by convention an exit code above 128 means that a signal ended the process. */
export function exitText(code: number): string {
  const signal = signalName(code - 128);
  return signal ? `signal ${signal}` : `exit ${code}`;
}
