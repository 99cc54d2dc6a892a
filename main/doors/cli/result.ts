import { listOf, nameOf, say, wordReason, type MessageKey } from '../../contract/messages';
import { missingWords } from '../../contract/run/missing';
import { showBytes } from '../../contract/quantities';
import { weakenedWords, weaknessesTold, weaknessName } from '../../contract/report/weaknesses';
import type { Verdict } from '../../contract/report/report';
import { verdictWords } from '../../contract/report/verdicts';
import type { Run, Trial } from '../../contract/run/run';
import type { Screen, Tone } from './terminal/screen';
import { paintTable } from './terminal/tables';

const marks: Record<Verdict['standing'], [string, Tone]> = {
  holds: ['✓', 'good'],
  unclear: ['?', 'warn'],
  note: ['·', 'dim'],
  warning: ['!', 'warn'],
};

/** A row for every phase of every pair: shown when asked for. */
const longTable = 'phases';

/** The failures of trials, whose remedies come last: see {@link paintFailures}. */
const toldAtTheEnd: MessageKey = 'verdict.trial-failed';

/** What a run says, for a terminal: the verdicts first, then the figures, then the notes and what is missing. */
export function paintRun(screen: Screen, run: Run, { phases = false } = {}): void {
  screen.paragraph(screen.tone('bold', heading(screen, run)));
  screen.paragraph(machine(screen, run));
  paintEmulation(screen, run);
  const { verdicts = [], tables = [] } = run.report ?? {};
  paintVerdicts(
    screen,
    verdicts.filter(({ standing, text }) => standing !== 'note' && text.key !== toldAtTheEnd),
  );
  for (const table of tables.filter(({ id, rows }) => rows.length > 0 && (phases || id !== longTable))) {
    screen.line();
    paintTable(screen, table);
  }
  paintVerdicts(
    screen,
    verdicts.filter(({ standing }) => standing === 'note'),
  );
  paintMissing(screen, run);
}

export function paintVerdicts(screen: Screen, verdicts: Verdict[]): void {
  if (verdicts.length > 0) screen.line();
  for (const verdict of verdicts) {
    const [mark, tone] = marks[verdict.standing];
    screen.paragraph(verdictWords(screen.locale, verdict), `${screen.tone(tone, mark)} `);
    const weakened = weakenedWords(screen.locale, verdict);
    if (weakened !== undefined) screen.paragraph(screen.tone('warn', weakened), '  ');
  }
  paintWeaknesses(screen, verdicts);
}

/** Each sentence once, however many verdicts name it. */
function paintWeaknesses(screen: Screen, verdicts: Verdict[]): void {
  const told = weaknessesTold(verdicts);
  if (told.length === 0) return;
  screen.line();
  screen.paragraph(screen.tone('dim', screen.say('weakened.title')));
  for (const weakness of told) {
    const name = weaknessName(screen.locale, weakness);
    const sentence = say(screen.locale, weakness);
    screen.paragraph(screen.tone('dim', `${name} – ${sentence}`), '  ', 4);
  }
}

/** What was run, when, and how that ended. */
export function heading(screen: Screen, run: Run): string {
  const when = new Date(run.startedAt).toLocaleString(screen.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const targets = listOf(
    screen.locale,
    run.plan.targets.map((target) => nameOf(screen.locale, 'target', target)),
  );
  const heading = screen.say('cli.result.heading', { name: run.plan.name, targets, when });
  const title = run.plan.cold ? screen.say('cli.result.heading-cold', { title: heading }) : heading;
  if (run.state === 'done') return title;
  return screen.say('cli.result.heading-state', { title, state: screen.say(`state.${run.state}`) });
}

/** The conditions that a reader needs to judge the figures, in one line. */
function machine(screen: Screen, { environment: { host, engine, qemu } }: Run): string {
  const { locale } = screen;
  const facts = [
    host.cpu,
    host.cores === undefined ? undefined : screen.say('cli.result.cores', { cores: host.cores }),
    host.memoryBytes === undefined ? undefined : showBytes(locale, host.memoryBytes),
    host.kernel && `Linux ${host.kernel}`,
    engine && `${engine.name} ${engine.version}`,
    qemu &&
      screen.say('cli.result.qemu', {
        version: qemu.version,
        accelerator: screen.say(`accelerator.${qemu.accelerator}`),
      }),
  ];
  return facts.filter(Boolean).join(' · ');
}

/** Why VMs were emulated although nobody asked for it: by then the remedy is worth more than the figures. */
function paintEmulation(screen: Screen, { environment: { qemu } }: Run): void {
  if (qemu?.accelerator !== 'tcg' || qemu.reason === 'forced') return;
  const reason = screen.say('cli.result.emulated', { reason: wordReason(screen.locale, qemu.reason) });
  screen.paragraph(reason, `${screen.tone('warn', '!')} `);
}

/** Figures that could not be read, each with its reason, said once. */
function paintMissing(screen: Screen, run: Run): void {
  const reasons = missingWords(screen.locale, run);
  if (reasons.length === 0) return;
  screen.line();
  screen.paragraph(screen.say('cli.result.missing'));
  for (const reason of reasons) screen.paragraph(reason, '  ');
}

/** Each different failure once, with the trials that it ended. */
export function paintFailures(screen: Screen, run: Run): void {
  const groups = new Map<string, Trial[]>();
  for (const trial of run.trials.filter(({ failure }) => failure && failure.code !== 'stopped')) {
    const key = `${trial.workload} ${trial.target} ${trial.failure!.code}`;
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  for (const [first] of groups.values()) {
    const { workload, target, failure } = first!;
    screen.failure(failure!, `${workload} · ${nameOf(screen.locale, 'target', target)}`);
  }
  if (run.failure) screen.failure(run.failure);
}
