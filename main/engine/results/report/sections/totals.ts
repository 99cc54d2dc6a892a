/** All workloads of a target up at once: their sum, against what the host itself lost and against what was promised. */
import { tell } from '../../../../contract/messages';
import { hasLimits, kindOf } from '../../../../contract/targets';
import { frame } from '../chart';
import { usedOfReserved } from '../findings';
import { fullTotals, totalBytes, totalsOf } from '../estimates/totals';
import type { Cell } from '../../../../contract/report/report';
import type { Estimates } from '../estimates/estimates';
import type { Measured } from '../estimates/measured';
import type { Section } from '../section';
import { column, table, target } from '../table';

/** A change of the host's memory with its interval, as far as this computer has so much; none where it says nothing. */
function possibleCell({ run }: Estimates, change: Measured): Cell {
  const { interval, ...cell } = change.cell();
  const most = run.environment.host.memoryBytes;
  if (!interval || most === undefined || (interval.low <= -most && interval.high >= most))
    return { ...cell, ...(interval && most === undefined && { interval }) };
  return { ...cell, interval: { low: Math.max(-most, interval.low), high: Math.min(most, interval.high) } };
}

/** What its applications take, and their machine beside them: so they add up to the whole. */
const partsOf = (all: number | undefined, ofMachine: number | undefined): [number | null, number | null] =>
  all === undefined || ofMachine === undefined ? [all ?? null, null] : [all - ofMachine, ofMachine];

export const totals = {
  tables(of) {
    const all = totalsOf(of);
    /** whether any of them are in one machine */
    const isShared = all.some(({ machineMs }) => machineMs.n > 0);
    const made = table(
      'totals',
      [
        target,
        { ...column('n', 'count'), title: tell('column.rounds') },
        column('instances', 'count'),
        column('reservedBytes', 'bytes'),
        column('hostBytes', 'bytes'),
        ...(isShared ? [column('machineBytes', 'bytes')] : []),
        column('allReadyMs', 'ms'),
        ...(isShared ? [column('machineMs', 'ms')] : []),
        column('hostChangeBytes', 'bytes'),
        column('engineBytes', 'bytes'),
        column('explainedBytes', 'bytes'),
        column('residualBytes', 'bytes'),
        column('keptBytes', 'bytes'),
        column('fileBytes', 'bytes'),
      ],
      all.map((total) => [
        { value: total.target },
        { value: total.rounds },
        total.instances.plainCell(),
        total.reservedBytes.plainCell(),
        total.hostBytes.cell(),
        ...(isShared ? [total.machineBytes.plainCell()] : []),
        total.allReadyMs.cell(),
        ...(isShared ? [total.machineMs.plainCell()] : []),
        possibleCell(of, total.hostChangeBytes),
        total.engineBytes.plainCell(),
        total.explainedBytes.plainCell(),
        possibleCell(of, total.residualBytes),
        total.keptBytes.plainCell(),
        total.fileBytes.plainCell(),
      ]),
    );
    return [made];
  },

  /** The article adds up limits; the host gives what is touched. */
  verdicts(of) {
    const all = fullTotals(of);
    const containers = all.find(({ target }) => kindOf(target) === 'container');
    if (!containers) return [];
    return all
      .filter(
        ({ target, instancesOfFirst }) =>
          kindOf(target) === 'vm' && instancesOfFirst === containers.instancesOfFirst,
      )
      .map((vms) => {
        const reserved = vms.reservedBytes.median()!;
        const [ofVms, ofContainers] = [totalBytes(of, vms)!, totalBytes(of, containers)!];
        return {
          id: `limits ${vms.target}`,
          about: { subject: 'memory', targets: [containers.target, vms.target] },
          standing: 'holds',
          text: tell(ofVms < reserved ? 'verdict.limits-are-not-use' : 'verdict.limits-are-used', {
            reserved: { bytes: reserved },
            vm: { target: vms.target },
            container: { target: containers.target },
            vmBytes: { bytes: ofVms },
            containerBytes: { bytes: ofContainers },
            instances: vms.instancesOfFirst,
          }),
        };
      });
  },

  charts(of) {
    const all = fullTotals(of);
    if (all.length === 0) return [];
    const isShared = all.some(({ machineMs }) => machineMs.n > 0);
    return [
      {
        ...frame(
          'totals',
          all.map(({ rounds }) => rounds),
          usedOfReserved(all),
        ),
        kind: 'bars',
        unit: 'bytes',
        series: [
          { id: 'hostBytes', label: tell('column.hostBytes') },
          ...(isShared ? [{ id: 'machineBytes', label: tell('column.machineBytes') }] : []),
        ],
        bars: all.map((total) => ({
          label: tell('chart.target', { target: { target: total.target } }),
          target: total.target,
          values: partsOf(totalBytes(of, total), total.machineBytes.median()).slice(0, isShared ? 2 : 1),
          points: [...total.hostBytes.values],
          ...(hasLimits(total.target) && { outline: total.reservedBytes.median()! }),
        })),
      },
    ];
  },
} satisfies Section;
