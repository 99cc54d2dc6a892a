import type { Verdict } from '../../main/contract/report/report';
import { kindOf } from '../../main/contract/targets';

/** Why a verdict must be read with care: the id of the warning or note that says so in full. */
export type Weakness = 'emulated' | 'few';

const targets = ({ text: { facts } }: Verdict): string[] =>
  Object.values(facts).filter((fact) => typeof fact === 'string');

/** The report's own warnings and notes, beside the very verdicts that they weaken; what these name themselves is not repeated. */
export function weaknessesOf(verdict: Verdict, all: readonly Verdict[]): Weakness[] {
  if (verdict.standing !== 'holds' && verdict.standing !== 'unclear') return [];
  const saidAlready = verdict.weakenedBy?.some(({ key }) => /\bemulated\b/.test(key));
  const told = (id: Weakness) => all.some((one) => one.id === id);
  // most sentences say themselves that a VM was emulated
  const ofVm =
    !verdict.text.key.endsWith('-emulated') && targets(verdict).some((target) => kindOf(target) === 'vm');
  const withInterval = 'low' in verdict.text.facts || 'n' in verdict.text.facts;
  return [
    ...(told('emulated') && ofVm && !saidAlready ? (['emulated'] as const) : []),
    ...(told('few') && withInterval ? (['few'] as const) : []),
  ];
}
