/** What each way of running an image keeps on the host's disk. */
import type { Cell, Table } from '../../contract/report/report';
import type { Run, TrialDisk } from '../../contract/run/run';
import { groupsOf, isVm, plainCell, valuesOf, type Group } from './groups';
import { column, key, rowHead, table } from './tables';

/** of the image, not of a trial */
const ofImage = ['compressedBytes', 'sharedBytes'] as const;
type Figure = keyof TrialDisk | (typeof ofImage)[number];

const figures: Figure[] = [
  'imageBytes',
  'compressedBytes',
  'sharedBytes',
  'vmDiskBytes',
  'vmDiskLogicalBytes',
  'kernelBytes',
  'snapshotBytes',
  'writtenBytes',
];

function cellOf({ environment }: Run, { workload, trials }: Group, figure: Figure): Cell {
  const image = environment.images.find((one) => one.workload === workload);
  const own = ofImage.find((one) => one === figure);
  if (own) return { value: trials.length === 0 ? null : (image?.[own] ?? null) };
  return plainCell(valuesOf(trials, ({ disk }) => disk[figure as keyof TrialDisk]));
}

/** One row per workload and target, and of the figures those that any row has. */
export function diskTable(run: Run): Table {
  const groups = groupsOf(run);
  const shown = figures.filter((figure) => groups.some((group) => cellOf(run, group, figure).value !== null));
  const rows = groups.map((group) => [
    ...rowHead(group),
    ...shown.map((figure) => cellOf(run, group, figure)),
  ]);
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    ...shown.map((figure) => column(figure, 'bytes')),
  ];
  const note = groups.some(({ target }) => isVm(target)) ? key('table.disk.note') : undefined;
  return table('disk', columns, rows, note);
}
