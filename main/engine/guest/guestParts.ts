import type { GuestPart } from '../../contract/machine';
import { toFailure } from '../errors';
import { openKernel } from './kernel';
import { openKit } from './kit';

/** What was made for the machines, and what is missing: every file is checked. */
export const guestParts = (cacheFolder: string): Promise<GuestPart[]> =>
  Promise.all([
    part('distribution', () => openKit(cacheFolder)),
    part('minimal', () => openKernel(cacheFolder)),
  ]);

async function part(
  kernel: GuestPart['kernel'],
  open: () => Promise<GuestPart['facts']>,
): Promise<GuestPart> {
  try {
    const { folder, version, kernelRelease, builtAt, bytes } = (await open())!;
    return { kernel, facts: { folder, version, kernelRelease, builtAt, bytes } };
  } catch (error) {
    return { kernel, failure: toFailure(error) };
  }
}
