/** Trials that do not count, each with the reason. */
import { tell } from '../../../../contract/messages';
import type { Trial } from '../../../../contract/run/run';
import type { Section } from '../section';
import { column, rowHead, table, target, workload } from '../table';

export const failures = {
  tables: ({ run }) => [
    table(
      'failures',
      [
        workload,
        target,
        column('round', 'count'),
        column('outcome', 'text'),
        column('code', 'text'),
        { ...column('phase', 'text'), title: tell('column.lastPhase') },
      ],
      run.trials
        .filter(({ outcome }) => outcome !== 'ok')
        .map((trial) => [
          ...rowHead(trial),
          { value: trial.index < 0 ? null : trial.index }, // a warm-up belongs to no round
          { value: trial.outcome },
          { value: trial.failure?.code ?? null },
          { value: lastReached(trial) ?? null },
        ]),
    ),
  ],
} satisfies Section;

/** How far a trial came by itself: what its end added says nothing about it. */
const lastReached = ({ phases }: Trial): string | undefined =>
  phases.findLast(({ name }) => name !== 'stopping' && name !== 'stopped')?.name;
