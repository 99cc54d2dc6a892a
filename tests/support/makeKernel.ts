/** Makes the minimal kernel in the tests' cache, unless it is there. */
import path from 'node:path';
import { buildKernel, openKernel } from '../../main/engine/guest/kernel';
import { openLedger } from '../../main/engine/process/ledger';
import { sharedCache } from './cache';
import { sessionPrefix } from './sessions';

process.env.TARE_SESSION_PREFIX = sessionPrefix;
const cacheFolder = sharedCache();
const ledger = openLedger(path.join(cacheFolder, 'ledger'));
try {
  await openKernel(cacheFolder).catch(() =>
    buildKernel({
      cacheFolder,
      ledger,
      signal: new AbortController().signal,
      progress: ({ step, state }) => console.log(step, state),
    }),
  );
} finally {
  ledger.close();
}
