import type { HostsReport } from '../../../../contract/report/fleet';
import { smallestEffect } from '../../statistics/judgement';
import { forestOf } from './chart';
import { comparisonsOf } from './comparisons';
import { differencesBetween } from './conditions';
import type { HostPart } from './part';
import { comparisonTable, conditionsTable, idsOf, missingTable, pooledTable } from './tables';
import { doubtsOf, sentenceOf, surenessOf, verdictsOf } from './words';

/**
 * What one plan on several hosts says. The host is a block: each says how two ways of running stand to each other by its own rounds, and
 * over hosts only these ratios are looked at, never times or sizes of different computers.
 * @param parts  of every host that was asked, in their order
 */
export function hostsReport(parts: readonly HostPart[]): HostsReport {
  const comparisons = comparisonsOf(parts, smallestEffect);
  const differences = differencesBetween(parts);
  const ids = idsOf(comparisons);
  return {
    text: sentenceOf(comparisons, parts),
    sureness: surenessOf(comparisons),
    doubts: doubtsOf(parts, comparisons, differences),
    comparisons,
    verdicts: verdictsOf(comparisons),
    tables: [
      ...comparisons.map((one, at) => comparisonTable(one, ids[at]!)),
      pooledTable(comparisons),
      conditionsTable(differences),
      missingTable(parts),
    ].filter(({ rows }) => rows.length > 0),
    charts: comparisons.map((one, at) => forestOf(one, ids[at]!, smallestEffect)),
  };
}
