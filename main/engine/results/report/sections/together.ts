/** Memory of all instances that are up at the same time, over the whole run: all containers and processes against all VMs. */
import { tell } from '../../../../contract/messages';
import { isDensity, type Plan } from '../../../../contract/plan';
import { AllMemory, sideOf, sides, type Side } from '../../../../contract/run/allMemory';
import { frame } from '../chart';
import type { Point } from '../decimation';
import type { Section } from '../section';

export const together = {
  charts({ run: { plan }, groups }, samples) {
    if (!areUpTogether(plan)) return [];
    const memory = new AllMemory();
    for (const sample of samples) memory.take(sample);
    const lines = sides.flatMap((side) => {
      const ofSide = groups.filter(({ target }) => sideOf(target) === side);
      const points = pointsOf(memory, side);
      return ofSide.length === 0 || points.every(({ y }) => y === 0)
        ? []
        : [
            {
              label: tell(`chart.memory-together.${side}`),
              target: ofSide[0]!.target,
              points,
            },
          ];
    });
    if (lines.length === 0) return [];
    return [
      { ...frame('memory-together', [plan.trials]), kind: 'lines', unit: 'bytes', filled: true, lines },
    ];
  },
} satisfies Section;

const areUpTogether = (plan: Plan): boolean =>
  isDensity(plan) || (plan.arrangement === 'together' && plan.workloads.length > 1);

/** A sum in which one instance is missing would be too small: there is no point of it. */
const pointsOf = ({ readings }: AllMemory, side: Side): Point[] =>
  readings.flatMap(({ atMs, bytes }) => {
    const y = bytes[side];
    return y === undefined ? [] : [{ xMs: atMs, y }];
  });
