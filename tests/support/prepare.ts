/** Makes what the tests keep from run to run, all of it at once: most of this is downloading, which the static checks do not mind. */
import path from 'node:path';
import { buildKernel, openKernel } from '../../main/engine/guest/kernel';
import { openLedger } from '../../main/engine/process/ledger';
import { sharedCache } from './cache';
import { aptImage, debianImage, scratchImage, servicesImage } from './images';
import './sessions';

/** Takes minutes of both cores. */
async function minimalKernel(): Promise<void> {
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
}

await Promise.all([minimalKernel(), scratchImage(), debianImage(), servicesImage(), aptImage()]);
