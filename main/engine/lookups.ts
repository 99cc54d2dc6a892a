/** What a door may ask beside runs: it starts things of its own, so it waits its turn and ends with the engine. */
import type { RunId } from '../contract/run';
import type { Engine } from './engine';
import { TareError } from './errors';
import { lookIntoIsolation } from './isolation/isolation';
import type { Jobs } from './jobs';
import type { Resources } from './resources';

type Lookups = Pick<Engine, 'isolation'>;

/** @param underWay  the run that is being measured: nothing may disturb it */
export function lookups(resources: Resources, jobs: Jobs, underWay: () => RunId | undefined): Lookups {
  const alone = () => {
    const id = underWay();
    if (id !== undefined) throw new TareError({ code: 'run-under-way', id });
  };
  return {
    async isolation(order) {
      alone();
      return jobs.run((signal) => lookIntoIsolation(order, resources, resources.workshop(signal)));
    },
  };
}
