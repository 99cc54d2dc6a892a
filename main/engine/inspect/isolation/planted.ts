/** What this computer has for itself alone while an instance is looked into: a service on its loopback and a file, which say one word. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Ledger } from '../../base/process/ledger';

export interface Planted extends AsyncDisposable {
  /** of the service, on 127.0.0.1 */
  port: number;
  /** readable for everybody: what hides it is isolation, and no access right */
  file: string;
  word: string;
}

/** @throws a system error where there is no room for the file */
export async function plant(ledger: Ledger): Promise<Planted> {
  const word = randomBytes(8).toString('hex');
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined); // whoever asked may have gone
    socket.end(`${word}\n`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const file = path.join(os.tmpdir(), ledger.name('isolation'));
  const strike = ledger.note('folder', file);
  const dispose = async () => {
    server.close();
    await rm(file, { force: true });
    strike();
  };
  try {
    await writeFile(file, `${word}\n`);
    await chmod(file, 0o644);
  } catch (error) {
    await dispose();
    throw error;
  }
  const { port } = server.address() as net.AddressInfo;
  return { port, file, word, [Symbol.asyncDispose]: dispose };
}
