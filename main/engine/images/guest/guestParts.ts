import type { GuestPart } from '../../../contract/machine';
import { toFailure } from '../../base/errors';
import { openKernel } from './kernel';
import { openKit } from './kit';
import type { MadePlaces } from './recipe';

/** What is here for the machines, and what is missing: every file is checked. */
export const guestParts = (places: MadePlaces): Promise<GuestPart[]> =>
  Promise.all([part('distribution', () => openKit(places)), part('minimal', () => openKernel(places))]);

async function part(
  kernel: GuestPart['kernel'],
  open: () => Promise<GuestPart['facts']>,
): Promise<GuestPart> {
  try {
    const { folder, origin, version, kernelRelease, builtAt, bytes } = (await open())!;
    return { kernel, facts: { folder, origin, version, kernelRelease, builtAt, bytes } };
  } catch (error) {
    return { kernel, failure: toFailure(error) };
  }
}
