/** Tells whether two runs gave a workload the same values, of which neither record holds any. */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Plan } from '../../../contract/plan';
import type { Environment } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';
import { valuesOf } from '../../base/process/given';
import { keyFile } from '../../base/paths';

const keyBytes = 32;
const shownHex = 16;

type Fingerprints = NonNullable<Environment['given']>;

/**
 * Of every workload that is given variables. What a build is given shows in its image. A plain hash of a short password can be found by trying; this one is made with a key that never
 * leaves the data folder, so a record that is handed on tells nothing.
 * @throws {TareError} `write-failed` where the key cannot be kept · `value-missing`
 */
export async function fingerprintsOf({ workloads }: Plan, dataFolder: string): Promise<Fingerprints> {
  const given = workloads.filter(({ environment }) => Object.keys(environment).length > 0);
  if (given.length === 0) return [];
  const key = await ownKey(keyFile(dataFolder));
  const made = (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, shownHex);
  return given.map(({ name, environment }) => ({
    workload: name,
    key: made('key'),
    fingerprint: made(JSON.stringify(sorted(valuesOf(environment)))),
  }));
}

const sorted = (values: Record<string, string>): [string, string][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** Made at its first use; one that was cut off is made anew. Of two Tares that make it at once, both use the last one that was written. */
async function ownKey(file: string): Promise<Buffer> {
  try {
    if (!(await isWhole(file))) {
      makeFolder(path.dirname(file));
      await writeFileAtomic(file, randomBytes(keyBytes), { mode: 0o600 });
    }
    return await readFile(file);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new TareError({ code: 'write-failed', path: file, reason: code }, { cause: error });
  }
}

const isWhole = async (file: string): Promise<boolean> =>
  (await stat(file).catch(() => undefined))?.size === keyBytes;
