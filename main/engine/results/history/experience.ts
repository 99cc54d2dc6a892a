/** What the newest runs tell about how long the next one will take. */
import { experienceFrom, timesOf, type Experience, type RunTimes } from '../../../contract/planning';
import { withHome } from './kept';
import { timesFile } from '../../base/paths';
import { readIndex } from './recordIndex';
import { loadRun, runFiles } from './store';

/** Older ones tell nothing that these do not, and the machine may have changed since. */
const newest = 30;

/** @param data  where the runs are kept. A record that cannot be read tells nothing. */
export async function experienceOf(data: string): Promise<Experience> {
  const records = new Map([...(await runFiles(data))].slice(-newest));
  // null: a run that tells nothing, and never will
  const index = await readIndex<RunTimes | null>(records, {
    file: timesFile(data),
    derive: async (id) => {
      const run = await loadRun(data, id).catch(() => undefined);
      if (!run || run.state === 'running') return undefined;
      // by its key it is found again by a plan, whose paths are whole
      return timesOf({ ...run, plan: withHome(run.plan) }) ?? null;
    },
  });
  if (index.changed) await index.keep('');
  return experienceFrom([...records.keys()].reverse().flatMap((id) => index.values.get(id) ?? []));
}
