/** What verdicts are about. Records of Tare 0.1 say it in a verdict's id and in the facts of its sentence alone. */
import { VerdictSubject, type Verdict } from './report';

export const subjectOf = ({ about, id }: Verdict): VerdictSubject | undefined =>
  about?.subject ?? VerdictSubject.options.find((subject) => id.split(' ')[0] === subject);

export const targetsOf = ({ about, text }: Verdict): string[] =>
  about?.targets ?? Object.values(text.facts).filter((fact) => typeof fact === 'string');
