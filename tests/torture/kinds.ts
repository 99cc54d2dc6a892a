/** The table of attacks. */
import { disks } from './attacks/disks';
import { doors } from './attacks/doors';
import { faults } from './attacks/faults';
import { images } from './attacks/images';
import { inputs } from './attacks/inputs';
import { kills } from './attacks/kills';
import { together } from './attacks/together';
import type { Kind } from './kind';

export const kinds: Kind[] = [...kills, ...faults, ...disks, ...together, ...inputs, ...images, ...doors];
