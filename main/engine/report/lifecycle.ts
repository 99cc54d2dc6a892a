/** Pause, stop, restart and deletion: what each takes, and what stays meanwhile and afterwards. */
import type { Lifecycle } from '../../contract/run/lifecycle';
import type { Table } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { groupsOf, medianCell, plainCell, valuesOf } from './groups';
import { column, key } from './tables';

type Figure = Exclude<keyof Lifecycle, 'missing'>;

const times: Figure[] = ['pauseMs', 'unpauseMs', 'stopMs', 'restartMs', 'deleteMs'];
const sizes: Figure[] = ['pausedBytes', 'stoppedBytes', 'stoppedDiskBytes', 'deletedBytes'];
/** The host's books are everybody's: a median needs its interval to be worth anything. */
const noisy: Figure[] = ['stoppedHostBytes', 'deletedHostBytes'];

/** One row per workload and target that lived; none where the plan did not ask for it. */
export function lifecycleTable(run: Run): Table {
  const groups = groupsOf(run).filter(({ trials }) => trials.some(({ lifecycle }) => lifecycle));
  return {
    id: 'lifecycle',
    title: key('table.lifecycle'),
    columns: [
      column('workload', 'text'),
      column('target', 'text'),
      column('n', 'count'),
      ...times.map((figure) => column(figure, 'ms', `column.life.${figure}`)),
      ...[...sizes, ...noisy].map((figure) => column(figure, 'bytes', `column.life.${figure}`)),
    ],
    rows: groups.map((group) => {
      const read = (figure: Figure) => valuesOf(group.trials, ({ lifecycle }) => lifecycle?.[figure]);
      return [
        { value: group.workload },
        { value: group.target },
        { value: group.trials.filter(({ lifecycle }) => lifecycle).length },
        ...times.map((figure) => medianCell(read(figure), run.plan.seed)),
        ...sizes.map((figure) => plainCell(read(figure))),
        ...noisy.map((figure) => medianCell(read(figure), run.plan.seed)),
      ];
    }),
  };
}
