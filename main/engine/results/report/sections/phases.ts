/** What a start consists of: the phases up to the first good answer, and when each is reached. */
import type { ChartSpec } from '../../../../contract/report/report';
import { stretchUpTo } from '../../../../contract/run/stretches';
import { emulatedMark, frame, labelOf } from '../chart';
import { longestStretch } from '../findings';
import { once, type Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import { Measured } from '../estimates/measured';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';

/** A phase of a group, over the trials that reached it. */
interface PhaseEstimate {
  name: string;
  atMs: number;
  at: Measured;
  /** since the phase before it: from centre to centre, so that what the phases took adds up to the whole */
  tookMs: number;
}

type Span = Extract<ChartSpec, { kind: 'spans' }>['rows'][number]['spans'][number];

/** Up to the first good answer: what comes after is the plan's soak and the stop. */
const phasesUpToReady = once((of: Estimates) =>
  of.groups.map((group) => {
    const phases = phasesOf(group);
    return { group, phases: phases.slice(0, phases.findIndex(({ name }) => name === 'ready') + 1) };
  }),
);

/** The phases that most trials of a group reached, in their order; those of a few would stand among medians of other trials. */
function phasesOf({ trials }: Group): PhaseEstimate[] {
  const seen = new Map<string, number[]>();
  for (const { name, atMs } of trials.flatMap(({ phases }) => phases))
    seen.set(name, [...(seen.get(name) ?? []), atMs]);
  const common = [...seen].filter(([, values]) => values.length > trials.length / 2);
  const reached = common.map(([name, values]) => {
    const at = new Measured(values);
    return { name, at, atMs: at.centre()! };
  });
  return reached
    .sort((a, b) => a.atMs - b.atMs)
    .map((phase, place, all) => ({ ...phase, tookMs: phase.atMs - (all[place - 1]?.atMs ?? 0) }));
}

/** What takes the time, from phase to phase; what several phases in a row belong to is one span. */
function spansOf({ target }: Group, phases: readonly PhaseEstimate[]): Span[] {
  const spans: Span[] = [];
  phases.slice(1).forEach(({ name, atMs }, before) => {
    const stretch = stretchUpTo(target, name);
    const last = spans.at(-1);
    if (last && stretch !== undefined && last.stretch === stretch)
      Object.assign(last, { phase: name, toMs: atMs });
    else spans.push({ phase: name, ...(stretch && { stretch }), fromMs: phases[before]!.atMs, toMs: atMs });
  });
  return spans;
}

export const phases = {
  tables(of) {
    const rows = phasesUpToReady(of).flatMap(({ group, phases }) =>
      phases
        .filter(({ name }) => name !== 'start') // by definition 0
        .map(({ name, at, atMs, tookMs }) => [
          ...rowHead(group),
          { value: name },
          { value: at.n },
          { value: tookMs },
          { value: atMs, n: at.n },
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
          'phases',
          rows.map(({ group }) => group.trials.length),
          longestStretch(of, (group) =>
            spansOf(group, phasesUpToReady(of).find((one) => one.group === group)!.phases),
          ),
        ),
        kind: 'spans',
        unit: 'ms',
        rows: rows.map(({ group, phases }) => ({
          label: labelOf(of.run, group),
          target: group.target,
          spans: spansOf(group, phases),
          ...emulatedMark(group.trials),
        })),
      },
    ];
  },
} satisfies Section;
