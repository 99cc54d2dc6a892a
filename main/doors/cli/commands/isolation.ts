import type { Command } from 'commander';
import { exitCodeOf } from '../../../contract/failures';
import {
  standings,
  type IsolationFact,
  type IsolationReport,
  type IsolationRow,
  type Sight,
  type Sharing,
} from '../../../contract/work/isolation';
import { listOf, nameOf, say, type MessageKey } from '../../../contract/messages';
import { Privileges } from '../../../contract/privileges';
import { baseTargets, usualTargets } from '../../../contract/targets';
import { badInput, TareError } from '../../../engine/base/errors';
import { parsed } from '../../problems';
import type { Door } from '../door';
import { followJob } from '../jobs';
import { padded } from '../terminal/layout';
import type { Screen, Tone } from '../terminal/screen';
import { fits, grid } from '../terminal/tables';
import { readTargets } from '../targets';

interface IsolationOptions {
  targets?: string;
  pid?: string;
  privileged?: boolean;
  user?: string;
  outgoing?: boolean;
  evidence?: boolean;
  json?: boolean;
}

/** The command `tare isolation`. */
export function addIsolation(program: Command, door: Door): void {
  const text = (key: MessageKey) => door.out.say(key);
  program
    .command('isolation')
    .description(text('cli.help.isolation'))
    .option('--targets <a,b>', text('cli.option.targets'), usualTargets.join())
    .option('--pid <host>', text('cli.option.pid'))
    .option('--privileged', text('cli.option.privileged'))
    .option('--user <user>', text('cli.option.user'))
    .option('--outgoing', text('cli.option.outgoing'))
    .option('--evidence', text('cli.option.evidence'))
    .option('--json', text('cli.option.json'))
    .action((options: IsolationOptions) => isolation(door, options));
}

/**
 * `tare run isolation`: the same. Nothing that is said of a measurement is passed over.
 * @throws {TareError} `bad-input` for an option that the command does not have
 */
export function runIsolation(door: Door, asked: Command, options: IsolationOptions): Promise<void> {
  const known = asked.parent?.commands.find((command) => command.name() === 'isolation')?.options ?? [];
  const others = asked.options
    .filter((option) => asked.getOptionValueSource(option.attributeName()) === 'cli')
    .flatMap(({ long }) => (long && !known.some((option) => option.long === long) ? long : []));
  if (others.length === 0) return isolation(door, options);
  throw badInput('cli.isolation.options', { options: { list: others } });
}

/** What each way of running one image shares with this computer. Exits with 1 when one could not be looked into. */
async function isolation(door: Door, options: IsolationOptions): Promise<void> {
  const privileges = privilegesOf(options);
  const targets = options.targets === undefined ? [...usualTargets] : readTargets(options.targets);
  if (targets.length === 0)
    throw new TareError({ code: 'target-unknown', target: options.targets ?? '', known: [...baseTargets] });
  const report = await followJob(door, 'isolation', { targets, openings: privileges });
  const failures = report.subjects.flatMap(({ failure }) => failure ?? []);
  if (failures[0]) door.exitCode = report.rows.length > 0 ? 1 : exitCodeOf(failures[0]);
  if (options.json) return door.out.json(report);
  paint(door.out, report, options.evidence === true);
  for (const { target, failure } of report.subjects) {
    if (failure) door.err.failure(failure, nameOf(door.locale, 'target', target));
  }
}

function privilegesOf({ pid, privileged, user, outgoing }: IsolationOptions): Privileges {
  return parsed(Privileges, {
    ...(pid !== undefined && { pid }),
    ...(privileged && { privileged }),
    ...(user !== undefined && { user }),
    ...(outgoing && { outgoing }),
  });
}

const marks: Record<Sharing, [string, Tone]> = {
  same: ['=', 'warn'],
  partly: ['≈', 'warn'],
  different: ['≠', 'good'],
  hidden: ['×', 'good'],
  unreadable: ['?', 'dim'],
};

function paint(screen: Screen, report: IsolationReport, evidence: boolean): void {
  if (report.rows.length === 0) return;
  screen.paragraph(screen.tone('bold', screen.say('isolation.title')));
  const painted = paintTable(screen, report.rows);
  if (fits(screen, painted) && !evidence) screen.line(painted);
  else for (const row of report.rows) paintRow(screen, row, evidence);
  screen.line();
  for (const standing of standings) {
    const sights = report.rows.flatMap((row) => row.sights);
    if (!sights.some((sight) => sight.standing === standing)) continue;
    screen.paragraph(screen.say(`isolation.standing.${standing}`), `${mark(screen, standing)} `);
  }
  paintSummary(screen, report);
  for (const note of report.notes) screen.paragraph(say(screen.locale, note), `${screen.tone('warn', '!')} `);
}

const mark = (screen: Screen, standing: Sharing): string =>
  screen.tone(marks[standing][1], marks[standing][0]);

const fact = (screen: Screen, row: IsolationRow): string => screen.say(`isolation.fact.${row.fact}`);

/** What is seen inside, and what the host sees of it where that is something else. */
function words(screen: Screen, { inside, outside }: Sight): string {
  const seen = inside ? say(screen.locale, inside.text) : screen.say('isolation.value.none');
  if (!outside) return seen;
  return screen.say('isolation.value.both', { inside: seen, outside: say(screen.locale, outside.text) });
}

function paintTable(screen: Screen, rows: IsolationRow[]): string {
  const targets = rows[0]!.sights.map(({ target }) => nameOf(screen.locale, 'target', target));
  const head = [screen.say('isolation.column.fact'), screen.say('isolation.column.host'), ...targets];
  const cells = rows.map((row) => [
    fact(screen, row),
    row.host ? say(screen.locale, row.host.text) : '',
    ...row.sights.map((sight) => `${mark(screen, sight.standing)} ${words(screen, sight)}`),
  ]);
  return grid(screen, head, cells);
}

/** One fact with a line for each side; with what was read and how, when that is asked for. */
function paintRow(screen: Screen, row: IsolationRow, evidence: boolean): void {
  screen.line();
  screen.line(screen.tone('bold', fact(screen, row)));
  const targets = row.sights.map(({ target }) => nameOf(screen.locale, 'target', target));
  const [host, ...names] = padded([screen.say('isolation.column.host'), ...targets]);
  const more = (lines: string[] | undefined) => {
    if (evidence) for (const line of lines ?? []) screen.line(screen.tone('dim', `      ${line}`));
  };
  if (row.host) {
    screen.paragraph(say(screen.locale, row.host.text), `    ${host!}  `);
    more(row.host.evidence);
  }
  row.sights.forEach((sight, at) => {
    screen.paragraph(words(screen, sight), `  ${mark(screen, sight.standing)} ${names[at]!}  `);
    more(sight.inside?.evidence);
    more(sight.outside?.evidence);
  });
  if (evidence) screen.line(screen.tone('dim', `    ${screen.say('isolation.how', row.how)}`));
}

/** For each target, what it shares, and what its applications share with each other: the sentences that a reader takes away. */
function paintSummary(screen: Screen, report: IsolationReport): void {
  screen.line();
  report.rows[0]!.sights.forEach(({ target }, at) => {
    const shared = report.rows.filter((row) => row.sights[at]!.standing === 'same');
    const facts = { target: { target }, count: shared.length, of: report.rows.length };
    const names = listOf(
      screen.locale,
      shared.map((row) => fact(screen, row)),
    );
    screen.paragraph(
      shared.length === 0
        ? screen.say('isolation.shares-nothing', facts)
        : screen.say('isolation.shares', { ...facts, names }),
    );
  });
  for (const { target, neighbours } of report.subjects) {
    if (!neighbours) continue;
    const list = (facts: readonly IsolationFact[]) =>
      listOf(
        screen.locale,
        facts.map((one) => screen.say(`isolation.fact.${one}`)),
      );
    const facts = { target: { target }, names: list(neighbours.same), own: list(neighbours.apart) };
    screen.paragraph(screen.say('isolation.neighbours', facts));
  }
}
