/** What verdicts are about. Records of Tare 0.1 say it in a verdict's id and in the facts of its sentence alone. */
import type { Locale } from '../appearance';
import { message, say, wordsFor } from '../messages';
import { VerdictSubject, type Verdict } from './report';

export const subjectOf = ({ about, id }: Verdict): VerdictSubject | undefined =>
  about?.subject ?? VerdictSubject.options.find((subject) => id.split(' ')[0] === subject);

export const targetsOf = ({ about, text }: Verdict): string[] =>
  about?.targets ?? Object.values(text.facts).filter((fact) => typeof fact === 'string');

/** How far a finding may be trusted: `likely` where something about this machine or run weakens it. */
type Certainty = 'measured' | 'likely' | 'cannot-tell';

/** Undefined of what is no finding: notes and warnings. */
function certaintyOf({ standing, weakenedBy = [] }: Verdict): Certainty | undefined {
  if (standing === 'unclear') return 'cannot-tell';
  if (standing === 'holds') return weakenedBy.length > 0 ? 'likely' : 'measured';
  return undefined;
}

/** What was found, each with how certain it is. */
export const findingsIn = (verdicts: readonly Verdict[]): { verdict: Verdict; certainty: Certainty }[] =>
  verdicts.flatMap((verdict) => {
    const certainty = certaintyOf(verdict);
    return certainty ? [{ verdict, certainty }] : [];
  });

/** What a reader must know beside the findings, warnings first. */
export const notesIn = (verdicts: readonly Verdict[]): Verdict[] =>
  (['warning', 'note'] as const).flatMap((one) => verdicts.filter(({ standing }) => standing === one));

/** A verdict's sentence; of one that answers a claim, after the claim. */
export function verdictWords(locale: Locale, { about, text }: Pick<Verdict, 'about' | 'text'>): string {
  const finding = say(locale, text);
  const claim = about?.claim === undefined ? undefined : wordsFor(locale, 'claim', about.claim);
  return claim === undefined ? finding : message(locale, 'verdict.of-claim', { claim, finding });
}
