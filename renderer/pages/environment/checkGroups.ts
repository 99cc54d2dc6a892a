import type { Check } from '../../../main/contract/machine';

const groupNames = ['containers', 'machines', 'computer'] as const;
export type CheckGroup = (typeof groupNames)[number];

const group: Partial<Record<Check['name'], CheckGroup>> = {
  docker: 'containers',
  builder: 'containers',
  qemu: 'machines',
  accelerator: 'machines',
  kit: 'machines',
  'disk-tools': 'machines',
};

/** The checks by what they are about, in reading order; one that is new to this page stands with the computer. */
export function groupsOf(checks: readonly Check[]): { id: CheckGroup; checks: Check[] }[] {
  return groupNames
    .map((id) => ({ id, checks: checks.filter(({ name }) => (group[name] ?? 'computer') === id) }))
    .filter(({ checks }) => checks.length > 0);
}
