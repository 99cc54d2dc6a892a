import type { MessageKey } from '../../main/contract/messages';
import type { Verdict } from '../../main/contract/report/report';
import { targetsOf } from '../../main/contract/report/verdicts';
import { kindOf } from '../../main/contract/targets';

/** Why a verdict must be read with care: the id of the warning or note that says so in full. */
export type Weakness = 'emulated' | 'few';

/** Sentences that say themselves that a VM was emulated, as those of the conclusion do or of what weakens it. */
const tellEmulation: readonly string[] = [
  'verdict.start-up.clear-emulated',
  'verdict.memory.clear-emulated',
  'weakened.emulated-time',
  'weakened.emulated-memory',
] satisfies MessageKey[];

/** The report's own warnings and notes, beside the very verdicts that they weaken; what these name themselves is not repeated. */
export function weaknessesOf(verdict: Verdict, all: readonly Verdict[]): Weakness[] {
  const { standing, text, weakenedBy = [] } = verdict;
  if (standing !== 'holds' && standing !== 'unclear') return [];
  const told = (id: Weakness) => all.some((one) => one.id === id);
  const saidAlready = [text, ...weakenedBy].some(({ key }) => tellEmulation.includes(key));
  const ofVm = targetsOf(verdict).some((target) => kindOf(target) === 'vm');
  const withInterval = 'low' in text.facts || 'n' in text.facts;
  return [
    ...(told('emulated') && ofVm && !saidAlready ? (['emulated'] as const) : []),
    ...(told('few') && withInterval ? (['few'] as const) : []),
  ];
}
