/** Every target against the one that all are compared with: what may be claimed about start-up and memory. */
import { tell } from '../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import { inUnit, type Cell, type Verdict } from '../../../contract/report/report';
import { isRepeat } from '../../../contract/targets';
import { judge, smallestEffect } from '../../statistics/judgement';
import type { Estimate } from '../../statistics/estimate';
import type { Estimates } from '../estimates/estimates';
import { isEmulated, type Group } from '../estimates/groups';
import { estimateCell } from '../estimates/measured';
import type { Section } from '../section';

/** Ratio to the baseline, as a cell; 1 on the baseline's own row. */
export function ratioCell(of: Estimates, group: Group, { read }: ComparedMetric): Cell {
  const base = of.baseOf(group);
  if (!base || group.of(read).n === 0) return { value: null };
  if (base === group) return { value: 1 };
  return estimateCell(group.of(read).ratioTo(base.of(read)));
}

/** Start-up first, then memory. */
export const againstBaseline = {
  verdicts: (of) =>
    comparedMetrics.flatMap((metric) =>
      of.groups.flatMap((group) => {
        const base = of.baseOf(group);
        if (!base || base === group || isRepeat(group.target)) return []; // a target's noise against itself is told elsewhere
        const ratio = group.of(metric.read).ratioTo(base.of(metric.read));
        return ratio ? [verdictOn(metric, base, group, ratio)] : [];
      }),
    ),
} satisfies Section;

function verdictOn(
  { compared, unit, read }: ComparedMetric,
  base: Group,
  other: Group,
  ratio: Estimate,
): Verdict {
  const { workload, target } = other;
  const judgement = judge(ratio);
  const [less, more] = judgement === 'faster' ? [other, base] : [base, other];
  const turn = (value: number) => threeDigits(judgement === 'faster' ? 1 / value : value);
  const { interval } = ratio;
  const edges = interval && [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  const form = formOf(ratio);
  const badge = isEmulated(other.trials) ? '-emulated' : '';
  return {
    id: `${compared.subject} ${workload} ${target}`,
    about: { subject: compared.subject, workload, targets: [base.target, target] },
    standing: form === 'clear' ? 'holds' : 'unclear',
    text: tell(`verdict.${compared.subject}.${form === 'clear' ? (`clear${badge}` as const) : form}`, {
      workload,
      less: { target: less.target },
      more: { target: more.target },
      lessValue: inUnit(unit, less.of(read).median()!),
      moreValue: inUnit(unit, more.of(read).median()!),
      ratio: turn(ratio.value),
      ...(edges && { low: edges[0]!, high: edges[1]! }),
      n: countOf(base.of(read).n, other.of(read).n),
      minimum: { percent: smallestEffect * 100 },
    }),
  };
}

/** `trifle`: certain, and too small to be of use to anyone */
function formOf(ratio: Estimate): 'clear' | 'no-interval' | 'trifle' | 'unclear' {
  if (judge(ratio) !== 'cannot tell') return 'clear';
  const { interval } = ratio;
  if (!interval) return 'no-interval';
  return interval.low > 1 || interval.high < 1 ? 'trifle' : 'unclear';
}

/** As many digits as a comparison can be read at; the tables keep them all. */
const threeDigits = (value: number): number => Number(value.toPrecision(3));

const countOf = (a: number, b: number): string => (a === b ? String(a) : `${a} / ${b}`);
