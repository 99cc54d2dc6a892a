/** What verdicts are about. Records of Tare 0.1 say it in a verdict's id and in the facts of its sentence alone. */
import { VerdictSubject, type Verdict } from './report';

export const subjectOf = ({ about, id }: Verdict): VerdictSubject | undefined =>
  about?.subject ?? VerdictSubject.options.find((subject) => id.split(' ')[0] === subject);

export const targetsOf = ({ about, text }: Verdict): string[] =>
  about?.targets ?? Object.values(text.facts).filter((fact) => typeof fact === 'string');

/** How far a finding may be trusted: `likely` where something about this machine or run weakens it. */
export type Certainty = 'measured' | 'likely' | 'cannot-tell';

/** Undefined of what is no finding: notes and warnings. */
export function certaintyOf({ standing, weakenedBy = [] }: Verdict): Certainty | undefined {
  if (standing === 'unclear') return 'cannot-tell';
  if (standing === 'holds') return weakenedBy.length > 0 ? 'likely' : 'measured';
  return undefined;
}
