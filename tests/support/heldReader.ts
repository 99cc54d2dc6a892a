/** Starts a reader on the engine, says so, and waits to be killed. @param argv  the data folder */
import { openDocker } from '../../main/engine/base/docker/client';
import { ledgerFolder } from '../../main/engine/base/paths';
import { openLedger } from '../../main/engine/base/process/ledger';
import { importPrograms } from '../../main/engine/remote/reader/attached';
import { programsFor } from '../../main/engine/remote/reader/program';
import { startReader } from '../../main/engine/remote/reader/reader';
import { sharedCache } from './cache';
import './sessions';

const client = await openDocker();
const ledger = openLedger(ledgerFolder(process.argv[2]!));
const { signal } = new AbortController();
const order = { cacheFolder: sharedCache(), signal, ledger, progress: () => undefined };
const owner = { docker: client.docker, ledger, signal };
const image = await importPrograms(await programsFor(client.architecture, order), owner);
const reader = await startReader(image, owner);
console.log(`up ${ledger.session} ${reader.id}`);
setInterval(() => undefined, 60_000);
