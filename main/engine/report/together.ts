/** All workloads of a target up at once: their sum, against what the host itself lost. */
import { isOn, workloadsOn } from '../../contract/plan';
import type { TargetId } from '../../contract/targets';
import type { Table } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { baselineOf, counted, isContainer, medianCell, plainCell, ratioOf, targetsInOrder } from './groups';
import { column, key } from './tables';

/** One round in which every workload of a target was up and could be read. */
interface FullRound {
  instances: number;
  /** 0 where no limit is enforced */
  reservedBytes: number;
  hostBytes: number;
  /**
   * what the host should have lost: the instances, less what of them is page cache of files, and with the page tables and the
   * engine's own growth, which are in no instance's books
   */
  explainedBytes: number;
  /** of `hostBytes`, page cache of files: the host could still give it */
  reclaimableBytes: number;
  /** by how much the shared engine grew */
  engineBytes: number;
  /** still not available again after all were stopped */
  keptBytes?: number;
  /** absent when the host's own books could not be read */
  hostChangeBytes?: number;
}

export interface Total {
  target: TargetId;
  rounds: FullRound[];
}

/** Per target, containers before VMs. A round with a failed or unreadable instance would tell too little and is left out. */
export function totalsOf(run: Run): Total[] {
  if (run.plan.arrangement !== 'together') return [];
  const trials = counted(run);
  return targetsInOrder(run).map((target) => ({
    target,
    rounds: run.rounds
      .filter((round) => round.target === target)
      .flatMap(({ index, hostChangeBytes, engineChangeBytes = 0, keptBytes }) => {
        const up = trials.filter((trial) => trial.target === target && trial.index === index);
        const host = up.flatMap(({ memory }) => memory.hostBytes ?? []);
        if (host.length < workloadsOn(run.plan, target).length) return [];
        const sum = (read: (memory: Trial['memory']) => number | undefined) =>
          up.reduce((all, { memory }) => all + (read(memory) ?? 0), 0);
        const hostBytes = sum((memory) => memory.hostBytes);
        const reclaimableBytes = sum((memory) => memory.reclaimableBytes);
        const engineBytes = isContainer(target) ? engineChangeBytes : 0;
        return {
          hostBytes,
          reclaimableBytes,
          engineBytes,
          explainedBytes: hostBytes - reclaimableBytes + sum((memory) => memory.pageTableBytes) + engineBytes,
          ...(keptBytes !== undefined && { keptBytes }),
          instances: up.length,
          reservedBytes: up.reduce((sum, { memory }) => sum + (memory.reservedBytes ?? 0), 0),
          ...(hostChangeBytes !== undefined && { hostChangeBytes }),
        };
      }),
  }));
}

export const totalHostBytes = ({ rounds }: Total): number[] => rounds.map(({ hostBytes }) => hostBytes);

/** What the host lost and no book explains: other kernel memory, and whatever else ran meanwhile. */
export const residuals = ({ rounds }: Total): number[] =>
  rounds.flatMap(({ hostChangeBytes, explainedBytes }) =>
    hostChangeBytes === undefined ? [] : hostChangeBytes - explainedBytes,
  );

/** Sums of different workloads have no ratio that means anything. */
const sameWork = (run: Run, a: Total, b: Total): boolean =>
  workloadsOn(run.plan, a.target).length === workloadsOn(run.plan, b.target).length &&
  workloadsOn(run.plan, a.target).every((workload) => isOn(workload, b.target));

export function totalsTable(run: Run): Table {
  const totals = totalsOf(run);
  const base = totals.find(({ target }) => target === baselineOf(run));
  const { seed } = run.plan;
  const rows = totals.map((total) => {
    const { rounds } = total;
    const ratio =
      base &&
      base !== total &&
      sameWork(run, base, total) &&
      ratioOf(totalHostBytes(base), totalHostBytes(total), seed);
    return [
      { value: total.target },
      { value: rounds.length },
      plainCell(rounds.map(({ instances }) => instances)),
      plainCell(rounds.map(({ reservedBytes }) => reservedBytes)),
      medianCell(totalHostBytes(total), seed),
      base === total && rounds.length > 0
        ? { value: 1 }
        : ratio
          ? { value: ratio.value, ...(ratio.interval && { interval: ratio.interval }) }
          : { value: null },
      medianCell(
        rounds.flatMap(({ hostChangeBytes }) => hostChangeBytes ?? []),
        seed,
      ),
      plainCell(rounds.map(({ reclaimableBytes }) => reclaimableBytes)),
      plainCell(rounds.map(({ engineBytes }) => engineBytes)),
      plainCell(rounds.map(({ explainedBytes }) => explainedBytes)),
      medianCell(residuals(total), seed),
      plainCell(rounds.flatMap(({ keptBytes }) => keptBytes ?? [])),
    ];
  });
  return {
    id: 'totals',
    title: key('table.totals'),
    columns: [
      column('target', 'text'),
      column('n', 'count', 'column.rounds'),
      column('instances', 'count'),
      column('reservedBytes', 'bytes'),
      column('hostBytes', 'bytes'),
      column('ratio', 'times'),
      column('hostChangeBytes', 'bytes'),
      column('reclaimableBytes', 'bytes'),
      column('engineBytes', 'bytes'),
      column('explainedBytes', 'bytes'),
      column('residualBytes', 'bytes'),
      column('keptBytes', 'bytes'),
    ],
    rows,
  };
}
