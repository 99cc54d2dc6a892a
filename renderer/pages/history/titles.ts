import type { RunSummary } from '../../../main/contract/run/run';
import { list, planTitle } from '../../i18n.svelte';

/** More names than these are a number. */
const most = 3;

/**
 * What a run is called in a list: the name that a person gave it, else what was measured, image by image where its workload's name does not
 * tell it, else its plan's name.
 */
export function measuredTitle(run: Pick<RunSummary, 'label' | 'name' | 'workloads' | 'images'>): string {
  if (run.label?.name) return run.label.name;
  const names = run.workloads.map((workload, at) => {
    const image = run.images[at];
    return image === undefined || image === workload || run.workloads.length > 1 ? workload : image;
  });
  if (names.length === 0) return planTitle(run.name);
  return names.length > most ? `${list(names.slice(0, most))} + ${names.length - most}` : list(names);
}
