import { experienceFrom, noExperience, type Experience } from '../../../main/contract/planning';
import type { Run } from '../../../main/contract/run/run';
import type { Link } from '../../link/link';
import { appearance } from '../../state/appearance.svelte';

/** More would say nothing new, and each is a file to read. */
const most = 10;

/** Looks at the newest complete runs. What cannot be read counts for nothing: an estimate is only an estimate. */
export async function loadExperience(link: Link): Promise<Experience> {
  const told = await link.call('runs', {}, appearance.locale);
  if (!told.ok) return noExperience;
  const newest = told.value
    .filter(({ state }) => state === 'done')
    .sort((a, b) => b.id.localeCompare(a.id))
    .slice(0, most);
  const runs: Run[] = [];
  for (const { id } of newest) {
    const run = await link.call('run', { id }, appearance.locale);
    if (run.ok) runs.push(run.value);
  }
  return experienceFrom(runs);
}
