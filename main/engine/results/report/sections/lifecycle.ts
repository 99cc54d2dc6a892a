/** Pause, stop, restart and deletion: what each takes, and what stays meanwhile and afterwards. */
import type { Section } from '../section';
import { metricColumns, n, rowHead, table, target, workload } from '../table';

export const lifecycle = {
  /** One row per workload and target that lived; none where the plan did not ask for it. */
  tables(of) {
    const groups = of.groups.filter(({ trials }) => trials.some(({ lifecycle }) => lifecycle));
    const columns = metricColumns('lifecycle', groups);
    const rows = groups.map((group) => [
      ...rowHead(group),
      { value: group.trials.filter(({ lifecycle }) => lifecycle).length },
      ...columns.map(({ cellOf }) => cellOf(group)),
    ]);
    return [table('lifecycle', [workload, target, n, ...columns.map(({ column }) => column)], rows)];
  },
} satisfies Section;
