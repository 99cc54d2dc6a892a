/** What each way of running an image keeps on the host's disk. */
import { tell } from '../../../../contract/messages';
import { imageMetrics, trialMetric } from '../../../../contract/metrics';
import { kindOf, runsOwnDisk } from '../../../../contract/targets';
import { frame, labelOf } from '../chart';
import { diskBytes } from '../estimates/answered';
import { kernelBeyondImage } from '../findings';
import type { Section } from '../section';
import {
  metricColumn,
  metricColumns,
  metricsIn,
  rowHead,
  table,
  target,
  workload,
  type MetricColumn,
} from '../table';

export const disk = {
  /** One row per workload and target, and of the figures those that any row has. */
  tables({ run, groups }) {
    const ofImage = metricsIn('disk', imageMetrics).map((metric): MetricColumn => ({
      id: metric.id,
      column: metricColumn(metric),
      cellOf: ({ workload, target, trials }) => {
        const image = run.environment.images.find((one) => one.workload === workload);
        const isOfImage = trials.length > 0 && image && !runsOwnDisk(target);
        return { value: isOfImage ? (metric.read(image) ?? null) : null };
      },
    }));
    const ofTrials = metricColumns('disk', groups);
    const unpacked = ofTrials.filter(({ id }) => id === 'imageBytes');
    const columns = [
      ...unpacked,
      ...ofImage.filter(({ cellOf }) => groups.some((group) => cellOf(group).value !== null)),
      ...ofTrials.filter((one) => !unpacked.includes(one)),
    ];
    const note = groups.some(({ target }) => kindOf(target) === 'vm') ? tell('table.disk.note') : undefined;
    return [
      table(
        'disk',
        [workload, target, ...columns.map(({ column }) => column)],
        groups.map((group) => [...rowHead(group), ...columns.map(({ cellOf }) => cellOf(group))]),
        note,
      ),
    ];
  },

  /** What is kept and written for each, and the kernel that all machines share. */
  charts(of) {
    const measured = of.groups.filter((group) => group.of(diskBytes).n > 0);
    if (measured.length === 0) return [];
    const segments = [
      { id: 'kept', read: diskBytes },
      { id: 'kernel', read: trialMetric('kernelBytes').read, shared: true },
    ] as const;
    const shown = segments.filter(({ read }) => measured.some((group) => (group.of(read).median() ?? 0) > 0));
    return [
      {
        ...frame(
          'disk',
          measured.map((group) => group.of(diskBytes).n),
          kernelBeyondImage(of),
        ),
        kind: 'bars',
        unit: 'bytes',
        series: shown.map((segment) => ({
          id: segment.id,
          label: tell(`chart.disk.${segment.id}`),
          ...('shared' in segment && { shared: segment.shared }),
        })),
        bars: measured.map((group) => ({
          label: labelOf(of.run, group),
          target: group.target,
          values: shown.map(({ read }) => group.of(read).median() ?? null),
        })),
      },
    ];
  },
} satisfies Section;
