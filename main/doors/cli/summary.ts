/** What a run says in a terminal's half: a row of figures for each way, the answer in one sentence, how sure it is, and where the rest is. */
import { isMessageKey, listOf, nameOf, say, type NameIn } from '../../contract/messages';
import { scaleOf, showTimes, showValue, type Scale } from '../../contract/quantities';
import type { Answer, AnswerRow, AnswerSide, Claim, Message, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { surenessIn } from '../../contract/report/sureness';
import { weaknessName } from '../../contract/report/weaknesses';
import { heading } from './result';
import { padded } from './terminal/layout';
import { paintDoubts, paintSentence, paintSureness, paintVerdicts } from './terminal/report';
import type { Screen } from './terminal/screen';
import { fits, grid } from './terminal/tables';

/** What a record of Tare 0.1 is summed up by, which has no answer. */
const mostVerdicts = 4;

/** Prints the short form: of a run that came to nothing, its heading alone. */
export function paintSummary(screen: Screen, run: Run): void {
  screen.paragraph(screen.tone('bold', heading(screen, run)));
  const { answer, claims = [] } = run.report ?? {};
  if (answer && answer.rows.length > 0) paintFigures(screen, answer);
  if (claims.length > 0) paintClaims(screen, claims);
  if (!answer) return paintVerdicts(screen, findings(run).slice(0, mostVerdicts));
  const worse = (run.report?.verdicts ?? []).filter((verdict) => verdict.worse);
  if (worse.length > 0) paintVerdicts(screen, worse);
  else paintSentence(screen, answer.text);
  paintHowSure(screen, answer);
}

const findings = ({ report }: Run): Verdict[] =>
  (report?.verdicts ?? []).filter(({ standing }) => standing === 'holds' || standing === 'unclear');

/** A line for each way and a column for each quantity; where that is too wide, a line for each figure. */
function paintFigures(screen: Screen, { rows }: Answer): void {
  const scales = rows.map(scaleOfRow);
  const sides = [...namesOf(screen, rows)].map(([key, name]) => ({
    name,
    figures: rows.map(({ unit, sides: all }, at) => {
      const side = all.find((one) => keyOf(screen, one) === key);
      return side ? figure(screen, unit, side, scales[at]!) : '—';
    }),
  }));
  const quantities = rows.map(({ id }) => screen.say(`cli.summary.${id}`));
  const upright = grid(
    screen,
    ['', ...quantities],
    sides.map(({ name, figures }) => [name, ...figures]),
  );
  const withoutRule = upright.split('\n').filter(isNoRule);
  const painted = fits(screen, upright, 2)
    ? withoutRule
    : sides.flatMap(({ name, figures }) => [
        screen.tone('bold', name),
        ...figures.map((shown, at) => `  ${quantities[at]!}  ${shown}`),
      ]);
  for (const line of painted) screen.line(`  ${line}`);
}

/** So few columns need no rule below their heads. */
const isNoRule = (line: string): boolean => !/^─+$/.test(line);

const keyOf = (screen: Screen, { target, label }: AnswerSide): string =>
  `${target} ${label === undefined ? '' : say(screen.locale, label)}`;

/** Every side that has a figure, in the order in which it comes. */
function namesOf(screen: Screen, rows: readonly AnswerRow[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const side of rows.flatMap((row) => row.sides)) {
    const target = nameOf(screen.locale, 'target', side.target);
    const name = side.label === undefined ? target : `${say(screen.locale, side.label)} · ${target}`;
    names.set(keyOf(screen, side), name);
  }
  return names;
}

/** The one unit of all figures of a quantity, which stand in one column. */
const scaleOfRow = ({ unit, sides }: AnswerRow): Scale =>
  scaleOf(
    unit,
    sides.flatMap(({ value, shared }) => [value, ...(shared ? [shared.value] : [])]),
  );

/** `219 MiB  20 ×` */
function figure(
  { locale }: Screen,
  unit: AnswerRow['unit'],
  { value, shared, against }: AnswerSide,
  scale: Scale,
): string {
  const own = showValue(locale, unit, value, scale);
  const more = shared ? ` + ${showValue(locale, unit, shared.value, scale)}` : '';
  return own + more + (against ? `  ${showTimes(locale, against.ratio, 2)}` : '');
}

/** How well each figure is known, and by name what makes all of it less sure. */
function paintHowSure(screen: Screen, answer: Answer): void {
  const { locale } = screen;
  const { doubts, surerRounds } = answer;
  paintSureness(screen, surenessIn(answer));
  if (surerRounds !== undefined)
    screen.paragraph(screen.say('cli.summary.surer', { rounds: surerRounds }), '  ');
  const hasName = ({ key }: Message) => isMessageKey(`${key}.short`);
  paintDoubts(
    screen,
    doubts.filter((one) => !hasName(one)),
  );
  const names = doubts.filter(hasName).map((doubt) => weaknessName(locale, doubt));
  if (names.length === 0) return;
  const list = listOf(locale, [...new Set(names)]);
  screen.paragraph(screen.tone('warn', screen.say('weakened.by', { names: list })), '  ');
}

const tones = { holds: 'good', partly: 'warn', fails: 'bad', unknown: 'dim' } as const;

/** Each claim in its own words, after what this computer says to it. */
function paintClaims(screen: Screen, claims: readonly Claim[]): void {
  const words = claims.map(({ standing }) => screen.say(`ui.claims.standing.${standing}`));
  screen.line();
  claims.forEach(({ standing, says }, at) => {
    const verdict = screen.tone(tones[standing], words[at]!);
    screen.paragraph(say(screen.locale, says), `  ${verdict}  `, 6);
  });
}

/** Where the run is kept, and the commands that bring more of it; each on a line of its own, to be copied. */
export function paintKept(
  screen: Screen,
  { id }: Pick<Run, 'id'>,
  { full = false, picture = true } = {},
): void {
  const hints = new Map<NameIn<'cli.kept'>, string>();
  if (!full) hints.set('details', `tare show ${id} --full`);
  if (picture) hints.set('picture', `tare export ${id} --out ${id}.png`);
  if (hints.size === 0) return;
  screen.line();
  const names = padded([...hints.keys()].map((name) => screen.say(`cli.kept.${name}`)));
  [...hints.values()].forEach((command, at) => screen.line(`${screen.tone('dim', names[at]!)}  ${command}`));
}
