/** Whether the minimal guest kernel is there. Building it takes minutes, so tests use the one that was built before them. */
import { TareError } from '../../main/engine/base/errors';
import { openKernel } from '../../main/engine/images/guest/kernel';
import { sharedCache } from './cache';

const found = await openKernel({ cacheFolder: sharedCache() }).catch((error: unknown) => {
  if (error instanceof TareError) return undefined;
  throw error;
});

export const minimalKernelIsHere = found !== undefined;

/** Says why tests are skipped, once per file. */
export function noMinimalKernel(): void {
  if (!minimalKernelIsHere) console.warn(`skipped: there is no minimal kernel in ${sharedCache()}`);
}
