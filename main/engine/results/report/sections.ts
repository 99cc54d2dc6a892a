import type { Section } from './section';
import { claims } from './claims/claims';
import { ab } from './sections/ab';
import { againstBaseline } from './sections/againstBaseline';
import { cold } from './sections/cold';
import { density } from './sections/density/density';
import { densityStarts } from './sections/density/starts';
import { disk } from './sections/disk';
import { failures } from './sections/failures';
import { lifecycle } from './sections/lifecycle';
import { load } from './sections/load';
import { inside, memory } from './sections/memory';
import { noise } from './sections/noise';
import { notes } from './sections/notes';
import { outliers } from './sections/outliers';
import { overTime } from './sections/overTime';
import { phases } from './sections/phases';
import { precision } from './sections/precision';
import { startUp } from './sections/startUp';
import { tare } from './sections/tare';
import { together } from './sections/together';
import { totals } from './sections/totals';
import { tuning } from './sections/tuning';

/** Sections that have this part. */
type With<Part extends keyof Section> = Required<Pick<Section, Part>>[];

/** What a report consists of, each in the order in which it is read. */
export const sections = {
  verdicts: [cold, ab, claims, density, noise, tuning, againstBaseline, tare, totals, load, precision, notes],
  tables: [
    ab,
    againstBaseline,
    tare,
    density,
    densityStarts,
    startUp,
    tuning,
    noise,
    totals,
    memory,
    inside,
    load,
    phases,
    lifecycle,
    disk,
    outliers,
    failures,
  ],
  charts: [density, densityStarts, memory, startUp, phases, overTime, together, totals, disk, load],
} satisfies { verdicts: With<'verdicts'>; tables: With<'tables'>; charts: With<'charts'> };
