/** What every report in a terminal consists of, be it of one run, of several hosts, or of a comparison. */
import { listOf, nameOf, say } from '../../../contract/messages';
import type { Plan } from '../../../contract/plan';
import type { Message, Table, Verdict } from '../../../contract/report/report';
import type { Sureness } from '../../../contract/report/sureness';
import { verdictWords } from '../../../contract/report/verdicts';
import { weakenedWords, weaknessesTold, weaknessName } from '../../../contract/report/weaknesses';
import { padded } from './layout';
import type { Screen, Tone } from './screen';
import { paintTable } from './tables';

/** What a heading tells of a record: its plan, on what, and when. */
export const headingFacts = (screen: Screen, plan: Plan, startedAt: string) => ({
  name: plan.name,
  targets: listOf(
    screen.locale,
    plan.targets.map((target) => nameOf(screen.locale, 'target', target)),
  ),
  when: screen.moment(startedAt),
});

/** The findings, the figures, and how they were found. */
export function paintReport(
  screen: Screen,
  { verdicts, tables }: { verdicts: readonly Verdict[]; tables: readonly Table[] },
): void {
  const isNote = ({ standing }: Verdict) => standing === 'note';
  paintVerdicts(
    screen,
    verdicts.filter((verdict) => !isNote(verdict)),
  );
  paintTables(screen, tables);
  paintVerdicts(screen, verdicts.filter(isNote));
}

export function paintTables(screen: Screen, tables: readonly Table[]): void {
  for (const table of tables) {
    screen.line();
    paintTable(screen, table);
  }
}

const marks: Record<Verdict['standing'], [string, Tone]> = {
  holds: ['✓', 'good'],
  unclear: ['?', 'warn'],
  note: ['·', 'dim'],
  warning: ['!', 'warn'],
};

export function paintVerdicts(screen: Screen, verdicts: readonly Verdict[]): void {
  if (verdicts.length > 0) screen.line();
  for (const verdict of verdicts) {
    const [mark, tone] = marks[verdict.standing];
    screen.paragraph(verdictWords(screen.locale, verdict), `${screen.tone(tone, mark)} `);
    const weakened = weakenedWords(screen.locale, verdict);
    if (weakened !== undefined) screen.paragraph(screen.tone('warn', weakened), '  ');
  }
  paintWeaknesses(screen, weaknessesTold(verdicts));
}

/** Each sentence once, however many verdicts name it. */
function paintWeaknesses(screen: Screen, weaknesses: readonly Message[]): void {
  if (weaknesses.length === 0) return;
  screen.line();
  screen.paragraph(screen.tone('dim', screen.say('weakened.title')));
  for (const weakness of weaknesses) {
    const name = weaknessName(screen.locale, weakness);
    const sentence = say(screen.locale, weakness);
    screen.paragraph(screen.tone('dim', `${name} – ${sentence}`), '  ', 4);
  }
}

/** The sentence that answers what was asked. */
export function paintSentence(screen: Screen, text: Message): void {
  screen.line();
  screen.paragraph(screen.tone('bold', say(screen.locale, text)));
}

/** How well each figure of an answer is known, a line each. */
export function paintSureness(screen: Screen, sureness: readonly Sureness[]): void {
  const names = padded(sureness.map(({ id }) => screen.say(`cli.summary.${id}`)));
  sureness.forEach(({ said }, at) => screen.paragraph(say(screen.locale, said), `  ${names[at]!}  `));
}

/** What makes an answer less sure, a sentence each. */
export function paintDoubts(screen: Screen, doubts: readonly Message[]): void {
  for (const doubt of doubts) screen.paragraph(say(screen.locale, doubt), `  ${screen.tone('warn', '!')} `);
}
