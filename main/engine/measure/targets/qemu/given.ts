/**
 * Files with the values of a workload's variables in them: made for the machines of one run, for its own user alone to read, and gone with
 * it. The cache keeps the same files without the values, and those are in the line that a record shows.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../../base/folder';
import type { ReadyWorkload } from '../../../images/image/facts';
import type { Ledger } from '../../../base/process/ledger';

export const isGiven = ({ workload }: Pick<ReadyWorkload, 'workload'>): boolean =>
  Object.keys(workload.environment).length > 0;

/** The same workload as it is kept: its environment is what the image says. */
export function withoutGiven(ready: ReadyWorkload): ReadyWorkload {
  const { workload, image } = ready;
  const own = (line: string) => !Object.hasOwn(workload.environment, line.split('=', 1)[0]!);
  return {
    ...ready,
    workload: { ...workload, environment: {} },
    image: { ...image, environment: image.environment.filter(own) },
  };
}

export interface PassingFile {
  path: string;
  release: () => Promise<void>;
}

/**
 * A file, or a folder, that is removed when it is released, and by the next Tare where this one is killed.
 * @param write  makes it
 */
export async function passingFile(
  folder: string,
  ledger: Ledger,
  write: (file: string) => Promise<void>,
): Promise<PassingFile> {
  makeFolder(folder);
  const file = path.join(folder, ledger.name('given'));
  const strike = ledger.note('folder', file);
  const release = async () => {
    await rm(file, { recursive: true, force: true });
    strike();
  };
  try {
    await write(file);
    return { path: file, release };
  } catch (error) {
    await release();
    throw error;
  }
}
