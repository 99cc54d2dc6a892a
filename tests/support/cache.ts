import os from 'node:os';
import path from 'node:path';

/**
 * Where the tests keep what takes minutes to make, from one run to the next: the guest kit, the small kernel, disks and saved
 * machines. A Tare that is in use on the same machine has another. `TARE_TEST_CACHE` names a folder instead.
 */
export const sharedCache = (): string =>
  process.env.TARE_TEST_CACHE ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'tare-tests');

/** Images of Debian's packages, as `docker save` writes them, and their names, which are written last. */
export const keptImages = (): { file: string; names: string } => ({
  file: path.join(sharedCache(), 'images.tar'),
  names: path.join(sharedCache(), 'images.txt'),
});
