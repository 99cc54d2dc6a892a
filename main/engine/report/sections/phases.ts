/** What a start consists of: the phases up to the first good answer, and when each is reached. */
import { frame, labelOf } from '../chart';
import { once, type Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import type { Measured } from '../estimates/measured';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';

/** A phase of a group, over the trials that reached it. */
interface PhaseEstimate {
  name: string;
  atMs: number;
  at: Measured;
  /** since the phase before it in the same trial */
  took: Measured;
}

/** Up to the first good answer: what comes after is the plan's soak and the stop. */
const phasesUpToReady = once((of: Estimates) =>
  of.groups.map((group) => {
    const phases = phasesOf(of, group);
    return { group, phases: phases.slice(0, phases.findIndex(({ name }) => name === 'ready') + 1) };
  }),
);

/** The phases of a group in the order in which they are reached. */
function phasesOf(of: Estimates, { trials }: Group): PhaseEstimate[] {
  const seen = new Map<string, { atMs: number[]; tookMs: number[] }>();
  for (const { phases } of trials) {
    phases.forEach(({ name, atMs }, position) => {
      const known = seen.get(name) ?? { atMs: [], tookMs: [] };
      seen.set(name, known);
      known.atMs.push(atMs);
      const before = phases[position - 1];
      if (before) known.tookMs.push(atMs - before.atMs);
    });
  }
  return [...seen]
    .map(([name, { atMs, tookMs }]) => {
      const at = of.measured(atMs);
      return { name, atMs: at.median()!, at, took: of.measured(tookMs) };
    })
    .sort((a, b) => a.atMs - b.atMs);
}

export const phases = {
  tables(of) {
    const rows = phasesUpToReady(of).flatMap(({ group, phases }) =>
      phases
        .filter(({ name }) => name !== 'start') // by definition 0
        .map(({ name, at, took }) => [
          ...rowHead(group),
          { value: name },
          { value: at.n },
          took.plainCell(),
          at.plainCell(),
        ]),
    );
    const columns = [
      workload,
      target,
      column('phase', 'text'),
      n,
      column('tookMs', 'ms'),
      column('atMs', 'ms'),
    ];
    return [table('phases', columns, rows)];
  },

  charts(of) {
    const rows = phasesUpToReady(of).filter(({ phases }) => phases.length > 1);
    if (rows.length === 0) return [];
    return [
      {
        ...frame(
          of.run,
          'phases',
          rows.map(({ group }) => group.trials.length),
        ),
        kind: 'spans',
        unit: 'ms',
        rows: rows.map(({ group, phases }) => ({
          label: labelOf(of.run, group),
          target: group.target,
          spans: phases.slice(1).map(({ name, atMs }, before) => ({
            phase: name,
            fromMs: phases[before]!.atMs,
            toMs: atMs,
          })),
        })),
      },
    ];
  },
} satisfies Section;
