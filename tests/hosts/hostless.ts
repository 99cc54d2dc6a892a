/** What is checked on this computer, without any host: one entry each. */
import { arm64Guest } from './hostless/arm64Guest';
import type { Finding } from './findings';
import { ownDisk } from './hostless/ownDisk';

interface Hostless {
  id: string;
  title: string;
  /**
   * @param cache   where what takes long to make stays
   * @param folder  of this run
   */
  look: (cache: string, folder: string) => Promise<Finding[]>;
}

export const hostless: readonly Hostless[] = [
  { id: 'arm64-guest', title: 'the arm64 guest of vm:direct, booted here', look: arm64Guest },
  {
    id: 'own-disk',
    title: 'vm:image with a Debian made here, beside its container and vm:full',
    look: ownDisk,
  },
];
