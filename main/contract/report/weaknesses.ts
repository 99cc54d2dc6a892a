/** What weakens verdicts, in words: a short name beside each verdict, and the sentence itself once. */
import type { Locale } from '../appearance';
import { isMessageKey, listOf, message, say } from '../messages';
import type { Message, Verdict } from './report';

/** `emulated (TCG)`; the whole sentence where there is no short name. */
export function weaknessName(locale: Locale, weakness: Message): string {
  const key = `${weakness.key}.short`;
  return isMessageKey(key) ? message(locale, key, weakness.facts) : say(locale, weakness);
}

/** `Weakened by: emulated (TCG), on battery`; undefined where nothing weakens it. */
export const weakenedWords = (locale: Locale, { weakenedBy = [] }: Verdict): string | undefined =>
  weakenedBy.length === 0
    ? undefined
    : message(locale, 'weakened.by', {
        names: listOf(
          locale,
          weakenedBy.map((one) => weaknessName(locale, one)),
        ),
      });

/** Everything that weakens one of these, each once; those of one kind stand together. */
export const weaknessesTold = (verdicts: readonly Verdict[]): Message[] =>
  [
    ...new Map(verdicts.flatMap(({ weakenedBy = [] }) => weakenedBy.map((one) => [one.key, one]))).values(),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
