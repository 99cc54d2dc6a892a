import type {
  IsolationFact,
  IsolationReport,
  IsolationRow,
  Sight,
} from '../../../main/contract/work/isolation';

/** The sight of a target in a row; absent when it could not be looked into. */
export const sightOf = (row: IsolationRow, target: string): Sight | undefined =>
  row.sights.find((sight) => sight.target === target);

/** Facts whose standing for a target is another than in the look before, as `FACT TARGET`. */
export function changedSince(
  before: IsolationReport | undefined,
  now: IsolationReport | undefined,
): Set<string> {
  const changed = new Set<string>();
  for (const row of now?.rows ?? []) {
    const earlier = before?.rows.find(({ fact }) => fact === row.fact);
    for (const sight of row.sights) {
      const was = earlier && sightOf(earlier, sight.target);
      const isOther = was && !restless.has(row.fact) && wordsOf(was) !== wordsOf(sight);
      if (was && (was.standing !== sight.standing || isOther)) changed.add(`${row.fact} ${sight.target}`);
    }
  }
  return changed;
}

/** What is another at every start anyway says nothing about walls: there only the standing counts. */
const restless = new Set<IsolationFact>(['boot', 'clock', 'hostname', 'processes', 'own-process']);

const wordsOf = ({ inside, outside }: Sight): string => JSON.stringify([inside?.text, outside?.text]);

/** How many facts a target shares with this computer, of all that could be read. */
export function sharedBy(report: IsolationReport, target: string): { count: number; of: number } {
  const sights = report.rows.flatMap((row) => sightOf(row, target) ?? []);
  return {
    count: sights.filter(({ standing }) => standing === 'same').length,
    of: sights.filter(({ standing }) => standing !== 'unreadable').length,
  };
}
