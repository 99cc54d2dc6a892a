/**
 * Before all tests: removes what nobody can be asked about once they are at work, and makes what they keep from run to run, all of it at once:
 * most of this is downloading, which the static checks do not mind.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { serviceNames } from '../../main/contract/plan';
import { buildKernel, openKernel } from '../../main/engine/images/guest/kernel';
import { openLedger } from '../../main/engine/base/process/ledger';
import { keptImages, sharedCache } from './cache';
import { aptImage, debianImage, docker, scratchImage } from './images';
import { serviceImage } from './services';
import './sessions';
import { removeStandIns } from './sweep';

/** Takes minutes of both cores. */
async function minimalKernel(): Promise<void> {
  const cacheFolder = sharedCache();
  const ledger = openLedger(path.join(cacheFolder, 'ledger'));
  try {
    await openKernel({ cacheFolder }).catch(() =>
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

/** One after the other: what takes long is each one's own disk work. */
async function serviceImages(): Promise<void> {
  for (const name of serviceNames) await serviceImage(name);
}

removeStandIns();
if (existsSync(keptImages().names)) await docker('load', '--quiet', '--input', keptImages().file);
await Promise.all([minimalKernel(), scratchImage(), debianImage(), aptImage(), serviceImages()]);
