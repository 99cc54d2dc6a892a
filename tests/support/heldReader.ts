/** Starts a reader on the engine, says so, and waits to be killed. @param argv  the data folder */
import { openDocker } from '../../main/engine/docker/client';
import { ledgerFolder } from '../../main/engine/history/paths';
import { openLedger } from '../../main/engine/process/ledger';
import { readerProgram } from '../../main/engine/reader/program';
import { startReader } from '../../main/engine/reader/reader';
import { sharedCache } from './cache';
import './sessions';

const client = await openDocker();
const ledger = openLedger(ledgerFolder(process.argv[2]!));
const { signal } = new AbortController();
const order = { cacheFolder: sharedCache(), signal, ledger, progress: () => undefined };
const program = await readerProgram(client.architecture, order);
const reader = await startReader({ client, program, ledger, signal });
console.log(`up ${ledger.session} ${reader.id}`);
setInterval(() => undefined, 60_000);
