/** How soon each workload answers on each target, and how that compares with a container. */
import { tell } from '../../../../contract/messages';
import { readyMs } from '../../../../contract/metrics';
import type { Cell } from '../../../../contract/report/report';
import type { Run } from '../../../../contract/run/run';
import { emulatedMark, frame, labelOf, marks, quartiles } from '../chart';
import type { Group } from '../estimates/groups';
import { laterStart } from '../findings';
import { publishedOn } from '../published';
import type { Section } from '../section';
import { column, metricColumns, n, rowHead, table, target, workload } from '../table';
import { shownOf } from '../estimates/shown';
import { baseOfBars } from './againstBaseline';

export const startUp = {
  tables(of) {
    const ofMetrics = metricColumns('start-up', of.groups);
    const isCold = of.run.plan.cold === true;
    const rows = of.groups.map((group) => {
      const ready = group.of(readyMs.read).cell();
      return [
        ...rowHead(group),
        acceleratorCell(group),
        { value: ready.n ?? 0 },
        ready,
        ...ofMetrics.map(({ cellOf }) => cellOf(group)),
        coldCell(of.run, group),
      ];
    });
    const columns = [
      workload,
      target,
      column('accelerator', 'text'),
      n,
      column('readyMs', 'ms'),
      ...ofMetrics.map((metric) => metric.column),
    ];
    // where all starts are cold, the first one is like the others
    if (!isCold && rows.some((row) => row.at(-1)!.value !== null))
      return [table('start-up', [...columns, column('coldMs', 'ms')], rows, tell('table.start-up.note'))];
    return [
      table(
        'start-up',
        columns,
        rows.map((row) => row.slice(0, -1)),
        ...(isCold ? [tell('table.start-up.cold')] : []),
      ),
    ];
  },

  charts(of) {
    const { run, groups } = of;
    const counts = groups.map((group) => group.of(readyMs.read).n);
    if (counts.every((count) => count === 0)) return [];
    return [
      {
        ...frame('start-up', counts, laterStart(of)),
        kind: 'bars',
        unit: 'ms',
        ...baseOfBars(of),
        series: [{ id: 'readyMs', label: tell('column.readyMs') }],
        bars: groups.map((group) => {
          const ready = group.of(readyMs.read);
          const shown = shownOf(of, group, readyMs);
          return {
            label: labelOf(run, group),
            target: group.target,
            values: [shown.value ?? null],
            ...marks(ready, shown),
            ...quartiles(ready),
            ...emulatedMark(group.trials),
          };
        }),
        ...publishedOn('start-up', run, groups),
      },
    ];
  },
} satisfies Section;

/** The very first start, which paid for caches that the counted ones found filled: told beside them, never among them. */
function coldCell({ warmups }: Run, { workload, target }: Group): Cell {
  const first = warmups
    .filter((one) => one.workload === workload && one.target === target && one.readyMs !== undefined)
    .sort((a, b) => a.index - b.index)[0];
  return { value: first?.readyMs ?? null };
}

/** More than one means that the accelerator changed during the run: both are told. */
function acceleratorCell(group: Group): Cell {
  const names = [...new Set(group.trials.flatMap(({ accelerator }) => accelerator ?? []))];
  return { value: names.length > 0 ? names.join(', ') : null };
}
