/** What the guest's PID 1 is told: a small archive behind the initrd of its kernel (assets/guest/init.c, read_config). */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markUsed } from '../../image/cache';
import { cpio, regularFile } from '../../image/cpio';
import type { Ledger } from '../../process/ledger';
import { needSpace } from '../../image/space';
import { signalNumber } from '../../image/stopSignal';
import type { ImageFacts } from '../target';

/** NUL-ended `key=value` records. */
export function guestConfiguration(image: ImageFacts, hostname: string): Buffer {
  const records = [
    ...[...image.entrypoint, ...image.command].map((word) => `arg=${word}`),
    ...image.environment.map((entry) => `env=${entry}`),
    `cwd=${image.workingDir || '/'}`,
    `user=${image.user}`,
    ...(image.stopSignal ? [`stop=${signalNumber(image.stopSignal)}`] : []),
    `hostname=${hostname}`,
  ];
  return Buffer.from(records.map((record) => record.replaceAll('\0', '') + '\0').join(''));
}

/** An initrd that waits for its configuration. */
export interface BareInitrd {
  /** says which one it is: part of the cache's key */
  version: string;
  content: Buffer;
}

/**
 * Writes the initrd for one workload into the cache, once per bare initrd and configuration. It stays there, so that the command line
 * that a run records can still be run by hand later.
 */
export async function writeInitrd(
  cacheFolder: string,
  bare: BareInitrd,
  configuration: Buffer,
  ledger: Ledger,
): Promise<string> {
  const key = createHash('sha256')
    .update(bare.version)
    .update('\0')
    .update(configuration)
    .digest('hex')
    .slice(0, 24);
  const file = path.join(cacheFolder, 'initrds', `${key}.cpio`);
  const archive = cpio([{ name: 'tare.config', mode: regularFile, data: configuration }]);
  const content = Buffer.concat([bare.content, archive]);
  const known = await stat(file).catch(() => undefined);
  if (known?.size === content.length) {
    await markUsed(file);
    return file;
  }
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await needSpace(folder, content.length);
  const aside = path.join(folder, ledger.name('initrd'));
  const strike = ledger.note('folder', aside);
  try {
    await writeFile(aside, content);
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
    strike();
  }
  return file;
}
